"""Row locks. Every change of a donor's contact points, bases or keys takes the donor first."""

from __future__ import annotations

from donors.errors import DonorError
from donors.models import Donor


def lock_donor(donor_id: int) -> Donor:
    """The donor, locked against other changes (not against new gifts that point at it)."""
    donor = Donor.objects.select_for_update(no_key=True).filter(pk=donor_id).first()
    if donor is None:
        raise DonorError("no_such_donor")
    return donor


def lock_living_donor(donor_id: int) -> Donor:
    """The donor, locked. Raises DonorError("donor_erased") when there is nobody left to change."""
    donor = lock_donor(donor_id)
    if donor.status == Donor.Status.ERASED:
        raise DonorError("donor_erased")
    return donor
