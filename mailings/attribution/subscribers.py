"""What this package does when a fact is told (settings.OUTBOX_SUBSCRIBERS)."""

from __future__ import annotations

from mailings.attribution import counting


def gift_received(gift_id: int) -> None:
    """GiftReceived: count it to an appeal, if it is known whose gift it is already or not."""
    counting.count_gifts([gift_id])


def pledge_changed(pledge_id: int) -> None:
    """PledgeChanged: count the raise, if it was one."""
    counting.count_raises([pledge_id])


def pledge_signed(pledge_id: int) -> None:
    """PledgeSigned, PledgeActive: count the sign-up."""
    counting.count_pledges([pledge_id])
