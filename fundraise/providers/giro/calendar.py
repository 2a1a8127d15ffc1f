"""Which days have files, what each of them must hold, and when it must be there.

Times are dated (fundraise/pledges/times.py): what reaches us by `until` goes into the day's file,
which Bankgirot has to have by `cut_off`. Files that are carried by hand close earlier.
Dates and hours are Europe/Stockholm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fundraise import bankdays, clock
from fundraise.pledges.times import times_on
from fundraise.providers.giro.models import Agreement

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FileDay:
    """A day on which files leave: which draws it is the last day for, and its two hours."""

    day: date
    due_until: date
    made_at: datetime
    cut_off: datetime


def is_file_day(agreement: Agreement, day: date) -> bool:
    """Whether the agreement's files leave on this day as a rule."""
    if not bankdays.is_bank_day(day):
        return False
    return not agreement.by_hand or str(day.isoweekday()) in agreement.file_weekdays


def next_file_day(agreement: Agreement, after: date) -> date:
    """The next one. A bank day comes at least every second week, so this ends."""
    day = after + ONE_DAY
    while not is_file_day(agreement, day):
        day += ONE_DAY
    return day


def earliest_due(day: date) -> date:
    """The first day of draws that a file of this day can still reach."""
    return bankdays.add(day, times_on(day).draw)


def due_until(agreement: Agreement, day: date) -> date:
    """The last day of draws in the files of a day: those that the next ones would be late for."""
    following = next_file_day(agreement, day)
    must = bankdays.add(earliest_due(following), -1)
    return max(must, bankdays.add(day, agreement.draw_days_ahead))


def file_day(agreement: Agreement, day: date) -> FileDay:
    """A day's particulars."""
    times = times_on(day)
    until = times.until_for(by_hand=agreement.by_hand)
    return FileDay(day, due_until(agreement, day), at(day, until), at(day, times.cut_off))


def is_by_hand(entity_id: int) -> bool:
    """Whether an entity's files are carried by hand (settings.AUTOGIRO_BY_HAND)."""
    standing = Agreement.objects.filter(account__is_active=True, stopped_at=None)
    return standing.filter(account__entity_id=entity_id, by_hand=True).exists()


def at(day: date, hour: time) -> datetime:
    """An hour of a day in Stockholm."""
    return datetime.combine(day, hour, tzinfo=clock.STOCKHOLM)


def is_open(agreement: Agreement, now: datetime) -> bool:
    """Whether files of today may be made now: on a bank day, after `until`, before the cut-off."""
    local = now.astimezone(clock.STOCKHOLM)
    times = times_on(local.date())
    until = times.until_for(by_hand=agreement.by_hand)
    return bankdays.is_bank_day(local.date()) and until <= local.time() < times.cut_off


def deadline(first_due: date) -> datetime:
    """The last moment at which a file about draws from this day on is of use."""
    day = bankdays.add(first_due, -times_on(first_due).draw)
    return at(day, times_on(day).cut_off)


def coming(agreement: Agreement, today: date, number: int = 20) -> Iterator[FileDay]:
    """The file days from today on, for the page and the calendar feed."""
    day = today if is_file_day(agreement, today) else next_file_day(agreement, today)
    for _ in range(number):
        yield file_day(agreement, day)
        day = next_file_day(agreement, day)
