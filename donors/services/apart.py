"""Two records that are alike are two donors: said once, for everybody, until it is taken back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from donors import announce, merged
from donors.errors import DonorError
from donors.locks import lock_two
from donors.models import Donor, DonorsApart
from fundraise import clock


@transaction.atomic
def tell_apart(*, ref: UUID, other: UUID, by: str, reason: str = "") -> DonorsApart | None:
    """Note that they are two. None when it was said before (a button pressed twice).

    Raises DonorError: same_donor, no_such_donor, donor_erased.
    """
    two = lock_two(ref, other)
    if Donor.Status.ERASED in {donor.status for donor in two}:
        raise DonorError("donor_erased")
    first, second = sorted(two, key=lambda donor: donor.pk)
    said, new = DonorsApart.objects.get_or_create(
        first=first,
        second=second,
        defaults={"at": clock.now(), "by": by[:100], "why": reason.strip()[:200]},
    )
    if not new:
        return None
    _tell(two, "donor.told_apart", by, said.why)
    return said


@transaction.atomic
def take_back_apart(*, ref: UUID, other: UUID, by: str) -> bool:
    """They may be one again, and are suggested again. False when nothing was said.

    Raises DonorError: same_donor, no_such_donor.
    """
    two = lock_two(ref, other)
    said = merged.said_apart(*(donor.pk for donor in two))
    if said is None:
        return False
    said.delete()
    _tell(two, "donor.apart_taken_back", by)
    return True


def _tell(two: tuple[Donor, Donor], action: str, by: str, reason: str = "") -> None:
    for donor, other in (two, two[::-1]):
        announce.changed(donor, action, by=by, after={"apart_from": other.ref}, reason=reason)


def follow(gone: int, kept: int) -> int:
    """Whoever the record that is gone was told apart from, the kept one is too. How many more."""
    rows = DonorsApart.objects.filter(Q(first=gone) | Q(second=gone)).order_by("pk")
    known, moved = {kept, *merged.apart_from(kept)}, 0
    for said in rows:
        other = said.other(gone)
        if other in known:
            said.delete()
            continue
        said.first_id, said.second_id = sorted((kept, other))
        said.save(update_fields=["first", "second"])
        moved += 1
    return moved


def forget(donor_id: int) -> None:
    """Nothing is suggested of whoever is forgotten, and nobody is compared with them."""
    DonorsApart.objects.filter(Q(first=donor_id) | Q(second=donor_id)).delete()
