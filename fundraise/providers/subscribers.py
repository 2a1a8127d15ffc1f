"""What this package does when a fact is told (settings.OUTBOX_SUBSCRIBERS)."""

from __future__ import annotations

from fundraise.providers import attempts, refunding


def close_other_attempts(gift_id: int) -> None:
    """GiftReceived: no other page of the gift may stay open."""
    attempts.close_others(gift_id)


def send_refund(refund_id: int) -> None:
    """RefundRequested: send it, at most once."""
    refunding.send_refund(refund_id)
