"""A giver's personal identity number, kept for the control statement and for nothing else."""

from __future__ import annotations

from django.db import transaction

from donors import normalise
from donors import services as donors
from donors.errors import InvalidValue
from donors.models import Donor, Identity
from fundraise import clock
from fundraise.reporting.charity import rules, sums
from fundraise.reporting.charity.errors import CharityError

PURPOSE = "control_statement"


@transaction.atomic
def keep(donor: Donor, typed: str, *, by: str, source: str = "staff") -> Identity:
    """Keep what the giver has told. Whoever can't have the tax lowered is not asked for a number.

    Raises CharityError: not_a_person, number_invalid, too_young.
    """
    if donor.kind != Donor.Kind.PERSON or donor.status == Donor.Status.ERASED:
        raise CharityError("not_a_person")
    try:
        number = normalise.clean_personal_number(typed)
    except InvalidValue:
        raise CharityError("number_invalid") from None
    year = clock.today().year
    if rules.is_too_young(number, year, sums.limits(year)):
        raise CharityError("too_young")
    return donors.record_identity(
        donor_id=donor.pk, kind=Identity.Kind.PERSONAL, number=number, source=source, by=by,
        reason=Identity.Reason.CONTROL_STATEMENT,
    )  # fmt: skip


@transaction.atomic
def take_away(donor: Donor, *, by: str) -> bool:
    """The giver wants no statement. False when no number is kept for it."""
    mine = donor.identities.filter(
        kind=Identity.Kind.PERSONAL, reason=Identity.Reason.CONTROL_STATEMENT
    )
    return mine.exists() and donors.remove_identity(
        donor_id=donor.pk, kind=Identity.Kind.PERSONAL, by=by
    )


def read(donor: Donor, *, by: str) -> str:
    """The number, and the look in the read log; empty for somebody who was forgotten since."""
    if donor.status == Donor.Status.ERASED:
        return ""
    try:
        return donors.read_identity(
            donor_ref=donor.ref, kind=Identity.Kind.PERSONAL, by=by, purpose=PURPOSE
        )
    except Identity.DoesNotExist:
        return ""
