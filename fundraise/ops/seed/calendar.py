"""On which days people give: pay-day, week, and the bursts when an appeal has gone out."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fundraise.money import split_ore

PAY_DAY = 25
DAYS_BETWEEN_BURSTS = 33
BURST = (9.0, 5.0, 3.0, 2.0, 1.5)
WEEK = (1.0, 1.1, 1.0, 1.0, 1.1, 0.7, 0.9)
# By hour of the day from seven in the morning; nothing after half past ten in the evening.
FIRST_SECOND, LAST_SECOND = 7 * 3600, 22 * 3600 + 1800


def gifts_by_day(rng: Random, first: date, last: date, gifts: int) -> list[tuple[date, int]]:
    """Every day of the span and how many gifts it gets; together exactly `gifts`."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    weights = [WEEK[day.weekday()] * (1.6 if day.day == PAY_DAY else 1.0) for day in days]
    begin = rng.randrange(min(DAYS_BETWEEN_BURSTS, len(days)))
    for start in range(begin, len(days), DAYS_BETWEEN_BURSTS):
        for n, more in enumerate(BURST[: len(days) - start]):
            weights[start + n] *= more
    shares = split_ore(gifts, [round(weight * rng.uniform(800, 1200)) for weight in weights])
    return list(zip(days, shares, strict=True))


def seconds(rng: Random, number: int) -> list[int]:
    """So many seconds after midnight, in order; more towards the evening."""
    spread = LAST_SECOND - FIRST_SECOND
    return sorted(FIRST_SECOND + int(spread * rng.random() ** 0.8) for _ in range(number))
