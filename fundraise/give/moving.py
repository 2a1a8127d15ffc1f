"""Two donors are one (settings.DONOR_MOVES): a change of address that waits for its mailboxes."""

from __future__ import annotations

from fundraise import clock
from fundraise.give.models import AddressMove


def move(gone: int, kept: int, by: str) -> dict[str, int]:
    """It was about a contact point of the record that is gone: it is over, and asked for anew."""
    waiting = AddressMove.objects.filter(donor=gone, done_at=None)
    waiting.update(until=clock.real_now(), new_sealed=None)
    return {}
