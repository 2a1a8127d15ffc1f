"""Payer numbers: drawn at random in the entity's range, with a check digit, and never given again.

They mean nothing (Bankgirot's technical manual, 5.3: digits, at most 16). The check digit (modulus
10) tells a number whose last digit was lost on the way through an Internet bank.
"""

from __future__ import annotations

import secrets

from stdnum import luhn

from fundraise import bankdays, clock
from fundraise.pledges import states
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Mandate, PayerRange

TRIES = 50
QUARANTINE_BANK_DAYS = 7


def new_payer_number(entity_id: int) -> str:
    """A number that no mandate of the entity has or had.

    Raises PledgeError("no_payer_range") when none is set, "no_payer_number" when it is full.
    """
    bounds = PayerRange.objects.filter(entity_id=entity_id).first()
    if bounds is None:
        raise PledgeError("no_payer_range")
    lowest, highest = -(-bounds.first // 10), (bounds.last - 9) // 10
    for _ in range(TRIES):
        if highest < lowest:
            break
        body = str(lowest + secrets.randbelow(highest - lowest + 1))
        number = body + luhn.calc_check_digit(body)
        if not Mandate.objects.filter(entity_id=entity_id, payer_number=number).exists():
            return number
    raise PledgeError("no_payer_number")


def without_lost_digit(entity_id: int, number: str) -> list[Mandate]:
    """Mandates with this number and one more digit at the end: on the way it is often dropped."""
    candidates = [f"{number}{digit}" for digit in range(10)]
    return list(Mandate.objects.filter(entity_id=entity_id, payer_number__in=candidates))


def check_bankgiro(entity_id: int, number: str) -> None:
    """A bankgiro number is its own payer number: one mandate at a time, with a rest between them.

    Bankgirot's user manual (July 2014): seven bank days, of what was ever sent there. The entity's
    range is locked until commit, so that two who type the same number come one after the other.
    Raises PledgeError("number_in_use", "quarantine").
    """
    list(PayerRange.objects.select_for_update(no_key=True).filter(entity_id=entity_id))
    same = Mandate.objects.filter(entity_id=entity_id, payer_number=number)
    if same.exclude(state__in=states.OVER_MANDATE).exists():
        raise PledgeError("number_in_use")
    rested_since = bankdays.add(clock.today(), -QUARANTINE_BANK_DAYS)
    ended = same.filter(ended_at__isnull=False, sent_at__isnull=False)
    if any(
        clock.local_date(at) >= rested_since
        for at in ended.values_list("ended_at", flat=True)
        if at
    ):
        raise PledgeError("quarantine")
