"""What this package does when a fact is told (settings.OUTBOX_SUBSCRIBERS)."""

from __future__ import annotations

from fundraise.pledges.services import linking


def link_donor(pledge_id: int) -> None:
    """PledgeSigned: tie the pledge to its donor, or make one where the giver agreed to it."""
    linking.link_donor(pledge_id)
