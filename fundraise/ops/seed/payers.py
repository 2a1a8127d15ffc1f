"""Payer numbers and identity numbers of a seed's mandates: right in form, and nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from stdnum import luhn

from fundraise.pledges.models import Mandate, PayerRange


def numbers(entity: int, rng: Random) -> Iterator[str]:
    """Numbers of the entity's range that no mandate has, with their check digit.

    The tables are asked at once, before the seed holds them.
    """
    bounds = PayerRange.objects.get(entity_id=entity)
    used = set(Mandate.objects.filter(entity_id=entity).values_list("payer_number", flat=True))
    return _unused(rng, -(-bounds.first // 10), (bounds.last - 9) // 10, used)


def _unused(rng: Random, lowest: int, highest: int, used: set[str | None]) -> Iterator[str]:
    while True:
        body = str(rng.randint(lowest, highest))
        number = body + luhn.calc_check_digit(body)
        if number not in used:
            used.add(number)
            yield number


def identity(rng: Random) -> str:
    """Somebody's number that nobody has: its last part is of those kept for tests."""
    born = date(1945, 1, 1) + timedelta(days=rng.randrange(20_000))
    body = f"{born:%y%m%d}98{rng.randrange(10)}"
    return f"{born:%Y}"[:2] + body + luhn.calc_check_digit(body)
