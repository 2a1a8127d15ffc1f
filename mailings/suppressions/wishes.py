"""How often a donor wants to hear from us: the door, and the look-ups of the frequency cap."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from donors.locks import lock_living_donor
from fundraise import clock
from fundraise.audit import services as audit
from mailings.suppressions.models import MailWish

AS_WE_LIKE = 0
CHOICES = (AS_WE_LIKE, 30, 91, 365)

# SQL: one row for each donor who wants less, to join on (donor_id, every_days).
TABLE = "suppressions_mailwish"


@transaction.atomic
def wish_for(*, donor_id: int, every_days: int, source: str, by: str) -> bool:
    """At most one appeal in so many days; 0: as often as we like. False when it was so already.

    Raises DonorError("donor_erased").
    """
    donor = lock_living_donor(donor_id)
    before = every_days_of(donor_id)
    if before == every_days:
        return False
    if every_days == AS_WE_LIKE:
        MailWish.objects.filter(donor=donor).delete()
    else:
        MailWish.objects.update_or_create(
            donor=donor, defaults={"every_days": every_days, "source": source, "at": clock.now()}
        )
    audit.log_change(
        by=by,
        action="donor.mail.less_often",
        subject_type="donor",
        subject_ref=donor.ref,
        before={"every_days": before},
        after={"every_days": every_days},
    )
    return True


def every_days_of(donor_id: int) -> int:
    """What one donor wants; 0: nothing was said."""
    wish = MailWish.objects.filter(donor=donor_id).first()
    return wish.every_days if wish is not None else AS_WE_LIKE


def of_donors(donor_ids: Iterable[int]) -> dict[int, int]:
    """The wishes of those who have one, in days."""
    rows = MailWish.objects.filter(donor__in=list(donor_ids))
    return dict(rows.values_list("donor_id", "every_days"))


def forget(donor_id: int) -> None:
    """A donor was forgotten, and the wish with her."""
    MailWish.objects.filter(donor=donor_id).delete()


def of_donor_ref(ref: UUID) -> int:
    """What one donor wants, by ref; for her own copy."""
    wish = MailWish.objects.filter(donor__ref=ref).first()
    return wish.every_days if wish is not None else AS_WE_LIKE
