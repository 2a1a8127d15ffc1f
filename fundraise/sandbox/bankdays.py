"""Swedish bank days, reckoned here anew."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
# New Year, Epiphany, 1 May, national day; the eves and days of Christmas and of New Year.
FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
SATURDAY = 5


def easter_sunday(year: int) -> date:
    """The Gregorian computus of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def closed(year: int) -> frozenset[date]:
    """Days without bank business, beside Saturdays and Sundays."""
    sunday = easter_sunday(year)
    # Good Friday, Easter Monday, Ascension Day.
    moving = {sunday + timedelta(days=n) for n in (-2, 1, 39)}
    midsummer_eve = next(d for d in (date(year, 6, n) for n in range(19, 26)) if d.weekday() == 4)
    return frozenset({date(year, m, d) for m, d in FIXED} | moving | {midsummer_eve})


def is_bank_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in closed(day.year)


@lru_cache(maxsize=4096)
def on_or_after(day: date) -> date:
    while not is_bank_day(day):
        day += ONE_DAY
    return day


@lru_cache(maxsize=4096)
def on_or_before(day: date) -> date:
    while not is_bank_day(day):
        day -= ONE_DAY
    return day


@lru_cache(maxsize=4096)
def after(day: date, count: int = 1) -> date:
    """So many bank days after a day, which need not be one itself."""
    for _ in range(count):
        day = on_or_after(day + ONE_DAY)
    return day


def between(first: date, last: date) -> int:
    """Bank days after `first`, up to and with `last`."""
    count = 0
    while first < last:
        first += ONE_DAY
        count += is_bank_day(first)
    return count
