"""What follows when a donor changed (DonorChanged, settings.OUTBOX_SUBSCRIBERS)."""

from __future__ import annotations

from donors.models import Donor
from mailings.inbound import acts


def follow_donor(donor_id: int) -> None:
    """Was forgotten: so is what she wrote to us."""
    if Donor.objects.filter(pk=donor_id, status=Donor.Status.ERASED).exists():
        acts.forget_donor(donor_id)
