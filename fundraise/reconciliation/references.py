"""OCR references: issued once per donor or pledge, and those of letters, so that a giro payment
finds its giver by itself.

A number is digits with a Luhn check digit last (Bankgirot, OCR-referenskontroll). Where the
bankgiro's agreement asks for a length digit (levels 3 and 4), settings.OCR_LENGTH_DIGIT puts the
last digit of the number's length before the check digit.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from stdnum import luhn

from donors.models import Donor
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from fundraise.providers.autogiro.numbers import shown_bankgiro
from fundraise.reconciliation.models import AccountNumber, Reference

FIRST, LAST = 200_000_000, 999_999_999  # nine digits: letters begin with ten millions
TRIES = 20
LETTERS_AT_ONCE = 2000


def number_of(body: int) -> str:
    """The digits with their check digit, and the length digit before it where it is asked for."""
    digits = str(body)
    if settings.OCR_LENGTH_DIGIT:
        digits += str((len(digits) + 2) % 10)
    return digits + str(luhn.calc_check_digit(digits))


def is_valid(number: str) -> bool:
    """Whether the check digit is right, and the length digit where there is one."""
    if not (number.isascii() and number.isdecimal() and 2 <= len(number) <= 25):
        return False
    length = not settings.OCR_LENGTH_DIGIT or int(number[-2]) == len(number) % 10
    return length and bool(luhn.is_valid(number))


class NumberRefused(ValueError):
    """No number is issued. Codes: forgotten (the donor is nobody any more)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def standing(**which: object) -> QuerySet[Reference]:
    """Numbers that were issued and hold, without those of letters; `which` narrows them."""
    rows = Reference.objects.filter(ended_at=None, **which).exclude(origin="letter")
    return rows.select_related("entity", "pledge", "campaign").order_by("entity_id", "pk")


def bankgiros(entities: Collection[int]) -> dict[int, str]:
    """The bankgiro number that is printed beside an OCR number, by its entity's key."""
    rows = AccountNumber.objects.filter(
        kind=AccountNumber.Kind.BANKGIRO,
        account__entity__in=entities,
        account__closed_on=None,
    )
    numbers = rows.order_by("-pk").values_list("account__entity", "number")
    return {entity: shown_bankgiro(number) for entity, number in numbers}


def issue(
    entity: LegalEntity,
    donor: Donor,
    *,
    by: str,
    pledge: Pledge | None = None,
    campaign: Campaign | None = None,
) -> Reference:
    """The donor's number for an entity (of a pledge, or a campaign); the same one each time.

    Raises NumberRefused.
    """
    if donor.status == Donor.Status.ERASED:
        raise NumberRefused("forgotten")
    which = {"entity": entity, "donor": donor, "pledge": pledge, "campaign": campaign}
    origin = Reference.Origin.PLEDGE if pledge else Reference.Origin.DONOR
    for _try in range(TRIES):
        kept = standing(**which).first()
        if kept is not None:
            return kept
        try:
            return _made(which, origin, by)
        except IntegrityError:  # somebody asked at the same time, or the number is taken
            continue
    raise RuntimeError("no free OCR number was found")


@transaction.atomic
def _made(which: Mapping[str, Any], origin: str, by: str) -> Reference:
    made = Reference.objects.create(
        **which,
        origin=origin,
        number=number_of(secrets.randbelow(LAST - FIRST) + FIRST),
        issued_at=clock.now(),
    )
    about = which["pledge"] or which["donor"]
    audit.log_change(
        by=by,
        action="reference.issued",
        subject_type="pledge" if which["pledge"] else "donor",
        subject_ref=about.ref,
        after={"entity": made.entity.ref},
    )
    return made


@dataclass(frozen=True, slots=True)
class OfLetter:
    """The number that stands on a letter, and whose it is."""

    number: str
    entity_id: int
    donor_id: int
    campaign_id: int


def keep_of_letters(letters: Iterable[OfLetter]) -> None:
    """Letters carry numbers of their own: payments with them are their donors' gifts."""
    now = clock.now()
    Reference.objects.bulk_create(
        (
            Reference(
                entity_id=one.entity_id,
                number=one.number,
                donor_id=one.donor_id,
                campaign_id=one.campaign_id,
                origin=Reference.Origin.LETTER,
                issued_at=now,
            )
            for one in letters
        ),
        ignore_conflicts=True,
        batch_size=LETTERS_AT_ONCE,
    )
