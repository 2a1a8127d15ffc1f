"""Swedish bank days: the days on which Bankgirot and the banks move money. Plain Python.

Not Saturdays, Sundays and public holidays (6 June among them), nor Midsummer Eve, Christmas Eve and
New Year's Eve (Bankgirot's user manual, July 2014, 5). Dates are Europe/Stockholm.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

ONE_DAY = timedelta(days=1)
BANK_EVES = {"Midsommarafton", "Julafton", "Nyårsafton"}


@lru_cache(maxsize=64)
def _closed(year: int) -> frozenset[date]:
    """The weekdays of a year on which the banks are closed."""
    public = country_holidays("SE", years=year, include_sundays=False, language="sv")
    eves = country_holidays("SE", years=year, categories=("de_facto",), language="sv")
    return frozenset(public) | {day for day, name in eves.items() if name in BANK_EVES}


def is_bank_day(day: date) -> bool:
    """Whether the banks are open."""
    return day.weekday() < 5 and day not in _closed(day.year)


def on_or_after(day: date) -> date:
    """The day itself when it is a bank day, else the next one."""
    while not is_bank_day(day):
        day += ONE_DAY
    return day


def on_or_before(day: date) -> date:
    """The day itself when it is a bank day, else the one before."""
    while not is_bank_day(day):
        day -= ONE_DAY
    return day


def add(day: date, bank_days: int) -> date:
    """The day so many bank days later (earlier when below zero); 0 gives the day as it is."""
    step = ONE_DAY if bank_days > 0 else -ONE_DAY
    for _ in range(abs(bank_days)):
        day += step
        while not is_bank_day(day):
            day += step
    return day


def between(start: date, end: date) -> int:
    """How many bank days lie after `start` up to and with `end`; below zero when it is before."""
    if end < start:
        return -between(end, start)
    return sum(is_bank_day(start + ONE_DAY * n) for n in range(1, (end - start).days + 1))


def last_of_month(day: date) -> date:
    """The last bank day of the month that `day` lies in."""
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return on_or_before(first_of_next - ONE_DAY)
