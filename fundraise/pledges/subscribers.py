"""What this package does when a fact is told (settings.OUTBOX_SUBSCRIBERS)."""

from __future__ import annotations

from fundraise.pledges.services import for_donors, instead, linking


def link_donor(pledge_id: int) -> None:
    """PledgeSigned: tie the pledge to its donor, or make one where the giver agreed to it."""
    linking.link_donor(pledge_id)


def follow_donor(donor_id: int) -> None:
    """DonorChanged: end what a donor who died, wants no contact or was forgotten had promised."""
    for_donors.follow(donor_id)


def leave_out_new_try(gift_id: int) -> None:
    """GiftReceived: a gift given in the place of a draw leaves out the new try of its month."""
    instead.settle(gift_id)
