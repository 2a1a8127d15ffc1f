"""What follows when a donor changed (DonorChanged, settings.OUTBOX_SUBSCRIBERS)."""

from __future__ import annotations

from donors.models import Donor
from mailings.suppressions import following


def follow_donor(donor_id: int) -> None:
    """Died, was forgotten, answered from an address, said yes again."""
    following.follow(Donor.objects.get(pk=donor_id))
