"""When a pledge is due: its periods, and the bank day of each. Plain Python.

A period is the first day of a month. Dates are Europe/Stockholm, sums whole öre. Times before a
draw are given as bank days: the donor is told eight of them ahead (Bankgirot's user manual, July
2014, 3.2.2), a new mandate must be at Bankgirot six of them ahead and a draw one (the same, 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from fundraise import bankdays

LAST_BANK_DAY = 31
NOTICE_BANK_DAYS = 8
MANDATE_BANK_DAYS = 6
E_MANDATE_BANK_DAYS = 18  # to answer a mandate of the Internet bank; then it lapses
LEAST_GAP = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often and when: `day` is 1-28, or 31 for the last bank day of the month."""

    interval_months: int
    day: int
    first_period: date
    ends_on: date | None = None

    def due_in(self, period: date) -> date:
        """The bank day of a period: the day itself, or the next bank day after it.

        The last bank day never leaves its month; day 28 may move into the next one.
        """
        return due_day(period, self.day)

    def has(self, period: date) -> bool:
        """Whether the pledge has this period."""
        months = _months(period) - _months(self.first_period)
        if months < 0 or months % self.interval_months:
            return False
        return self.ends_on is None or self.due_in(period) <= self.ends_on

    def periods(self, after: date | None = None) -> Iterator[date]:
        """The periods from the first one on, or those after a period, until the pledge ends."""
        period = self.first_period
        while after is not None and period <= after:
            period = add_months(period, self.interval_months)
        while self.has(period):
            yield period
            period = add_months(period, self.interval_months)


def due_day(period: date, day: int) -> date:
    """The bank day of a month for a chosen day."""
    if day == LAST_BANK_DAY:
        return bankdays.last_of_month(period)
    return bankdays.on_or_after(period.replace(day=day))


def first_day(day: int, today: date, *, notice_bank_days: int = NOTICE_BANK_DAYS) -> date:
    """The first draw of a pledge that is promised today: the chosen day, announced in time."""
    earliest = bankdays.add(today, notice_bank_days)
    period = period_of(today)
    while due_day(period, day) < earliest:
        period = add_months(period, 1)
    return due_day(period, day)


def period_paid_at_once(
    day: int, today: date, interval_months: int, notice_bank_days: int = NOTICE_BANK_DAYS
) -> date:
    """The period that a gift of today stands for, when the first one is paid on the page itself.

    The next draw comes in a later month, at least `LEAST_GAP` after today and announced in time: a
    pledge of the 30th with the 1st as its day is not drawn again two days later.
    """
    earliest = max(bankdays.add(today, notice_bank_days), today + LEAST_GAP)
    period = period_of(today)
    while due_day(add_months(period, interval_months), day) < earliest:
        period = add_months(period, 1)
    return period


def following_days(rhythm: Rhythm, after: date, count: int) -> list[date]:
    """The draws of the periods after one, for the page and the notice."""
    return [rhythm.due_in(period) for period in islice(rhythm.periods(after=after), count)]


def period_of(day: date) -> date:
    """The month that a day lies in."""
    return day.replace(day=1)


def period_of_due(day: int, due_on: date) -> date:
    """The period of a due day: day 28 may be drawn on the first days of the next month."""
    period = period_of(due_on)
    return period if due_day(period, day) <= due_on else add_months(period, -1)


def is_announced_in_time(made_on: date, due_on: date, bank_days: int = NOTICE_BANK_DAYS) -> bool:
    """Whether a notice of one day lets a draw of another be made."""
    return due_on >= bankdays.add(made_on, bank_days)


def file_day(due_on: date) -> date:
    """The last bank day on which a draw can still be sent, cancelled or moved (by 19:00)."""
    return bankdays.add(due_on, -1)


def add_months(period: date, months: int) -> date:
    """A period so many months later."""
    number = _months(period) + months
    return date(number // 12, number % 12 + 1, 1)


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1
