"""A month of appeals: each on the day of its own clock, with the weeks before and after filled."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats

from fundraise import clock
from mailings.appeals.models import Appeal

MONDAY = 0
YEARS = range(2000, 2200)  # beyond, the weeks around a month may have no dates
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """One square: its day, whether it is of the month, and what leaves on it."""

    on: date
    is_inside: bool
    is_today: bool
    appeals: tuple[Appeal, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of a month."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]

    @property
    def title(self) -> str:
        return formats.date_format(self.first, "F Y")

    @property
    def before(self) -> str:
        return f"{self.first - DAY:%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.first + timedelta(days=32):%Y-%m}"

    @property
    def busy(self) -> list[Day]:
        """The days of the month on which something leaves, for a list."""
        return [day for week in self.weeks for day in week if day.is_inside and day.appeals]

    @property
    def weekdays(self) -> list[str]:
        return [formats.date_format(day.on, "D") for day in self.weeks[0]]


def read(typed: str) -> date:
    """The first day of a month written 2026-12; of this one where it can't be read."""
    try:
        found = datetime.strptime(typed, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        found = date.min
    return found if found.year in YEARS else clock.today().replace(day=1)


def span(first: date) -> tuple[datetime, datetime]:
    """The instants between which a month's squares lie, with a day to spare for other zones."""
    days = list(calendar.Calendar(MONDAY).itermonthdates(first.year, first.month))
    begins, ends = days[0] - DAY, days[-1] + 2 * DAY
    return _midnight(begins), _midnight(ends)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=clock.STOCKHOLM)


def month(first: date, appeals: Iterable[Appeal]) -> Month:
    """The month with its appeals."""
    found: dict[date, list[Appeal]] = defaultdict(list)
    for appeal in appeals:
        at = appeal.started_at or appeal.send_at
        if at is not None:
            found[at.astimezone(ZoneInfo(appeal.zone)).date()].append(appeal)
    today = clock.today()
    weeks = calendar.Calendar(MONDAY).monthdatescalendar(first.year, first.month)
    made = tuple(
        tuple(Day(on, on.month == first.month, on == today, tuple(found[on])) for on in week)
        for week in weeks
    )
    return Month(first, made)
