"""What this package does when a fact is told (settings.OUTBOX_SUBSCRIBERS)."""

from __future__ import annotations

from fundraise.gifts import linking


def link_donor(gift_id: int) -> None:
    """GiftReceived: tie the gift to its donor, or make one where the giver agreed to it."""
    linking.link_donor(gift_id)
