"""OCR references: issued once per donor or pledge, and those of letters, so that a giro payment
finds its giver by itself.

A number is digits with a Luhn check digit last (Bankgirot, OCR-referenskontroll). Where the
bankgiro's agreement asks for a length digit (levels 3 and 4), settings.OCR_LENGTH_DIGIT puts the
last digit of the number's length before the check digit.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from stdnum import luhn

from donors.models import Donor
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from fundraise.reconciliation.models import Reference

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


def issue(
    entity: LegalEntity,
    donor: Donor,
    *,
    pledge: Pledge | None = None,
    campaign: Campaign | None = None,
) -> Reference:
    """The donor's number for an entity (of a pledge, or a campaign); the same one each time."""
    which = {"entity": entity, "donor": donor, "pledge": pledge, "campaign": campaign}
    origin = Reference.Origin.PLEDGE if pledge else Reference.Origin.DONOR
    for _try in range(TRIES):
        kept = Reference.objects.filter(**which, ended_at=None).exclude(origin="letter").first()
        if kept is not None:
            return kept
        try:
            with transaction.atomic():
                return Reference.objects.create(
                    **which,
                    origin=origin,
                    number=number_of(secrets.randbelow(LAST - FIRST) + FIRST),
                    issued_at=clock.now(),
                )
        except IntegrityError:  # somebody asked at the same time, or the number is taken
            continue
    raise RuntimeError("no free OCR number was found")


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
