"""Which day's file should be here by now, and when one that is missing is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fundraise import bankdays

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file of `day` is not here; it is due on `due_on`, and late after that."""

    day: date
    due_on: date

    def is_late(self, today: date) -> bool:
        return today > self.due_on


def waiting(days: str, late_after: int, *, last: date, today: date) -> Waiting | None:
    """What is waited for, when the newest file reaches to `last`; None when nothing is.

    `days` is ExpectedFile.Days. A bank's file of a day comes the bank day after it, so that today's
    own is never waited for.
    """
    missing = _next(days, last)
    if missing is None or missing >= today:
        return None
    return Waiting(missing, bankdays.add(bankdays.on_or_after(missing), late_after))


def _next(days: str, last: date) -> date | None:
    """The first day after `last` that a file should reach to."""
    if days == "bank_days":
        return bankdays.on_or_after(last + timedelta(days=1))
    if days == "weekly":
        return bankdays.on_or_before(last + WEEK)
    if days == "monthly":
        first_of_next = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
        end = bankdays.last_of_month(last)
        return end if last < end else bankdays.last_of_month(first_of_next)
    return None
