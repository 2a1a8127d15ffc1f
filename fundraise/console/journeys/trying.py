"""The last month of a journey as a picture and a table: what it would have sent, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fundraise.console.journeys import words
from mailings.journeys.models import Journey
from mailings.journeys.simulating import Simulated

SIDE = 1000  # the drawing is a square of this many units; the page stretches it


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's mails in the drawing's units."""

    begins: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A bar for each day, and the same as rows."""

    first: date
    last: date
    most: int
    bars: list[Bar]
    days: list[tuple[date, int]]

    @property
    def mails(self) -> int:
        return sum(number for _day, number in self.days)


def picture(seen: Simulated) -> Picture:
    """Every day from the first of the month looked at to the last mail."""
    last = max([seen.until, *seen.by_day])
    length = (last - seen.since).days + 1
    days = [seen.since + timedelta(days=n) for n in range(length)]
    counts = [(day, seen.by_day[day]) for day in days]
    most = max(1, *(number for _day, number in counts))
    return Picture(
        first=seen.since,
        last=last,
        most=most,
        bars=[_bar(n, number, length, most) for n, (_day, number) in enumerate(counts) if number],
        days=[(day, number) for day, number in counts if number],
    )


def _bar(n: int, number: int, length: int, most: int) -> Bar:
    begins, ends = n * SIDE // length, (n + 1) * SIDE // length
    height = max(number * SIDE // most, 4)
    return Bar(begins, SIDE - height, max((ends - begins) * 4 // 5, 2), height)


def steps(journey: Journey, seen: Simulated) -> list[tuple[int, str, int]]:
    """Each mail, when it leaves, and how many would have got it."""
    return [
        (step.number, words.waits(step.wait_days, step.number), seen.mailed[step.number])
        for step in journey.steps.all()
    ]
