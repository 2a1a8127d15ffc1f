"""A month of autogiro in bulk: planned, queued, sent as a file, and its specification booked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fundraise.ledger import proving
from fundraise.ops.bench import child, left, pledged
from fundraise.ops.bench.child import Done
from fundraise.ops.bench.figures import TRIAL, Figure, middle, middle_ratio, scale, sized
from fundraise.ops.bench.house import House
from fundraise.ops.bench.left import Left
from fundraise.ops.bench.pledged import METHOD, Pledged
from fundraise.ops.bench.verify import BooksDiffer
from fundraise.pledges import promise
from fundraise.pledges.services import days, drawing
from fundraise.providers.giro import building, calendar, inbox
from fundraise.providers.giro.models import InFile

ROWS = 100_000
ROUNDS = 3
COPY, BARE = "COPY of its rows", "COPY without foreign keys"
MEMORY_MEGABYTES = 512
PLEDGES, SECONDS = 25_000, 20.0  # a day's work on so many pledges takes so long at most


class NotBooked(Exception):
    """The specification was not worked in whole: the figure would mean nothing."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A piece of work and its peer: COPY of the rows that it left behind."""

    done: Done
    rows: int
    copy: float
    bare: float


@dataclass(frozen=True, slots=True)
class Month:
    """What one month took."""

    built: Beside
    booked: Beside
    by_day: dict[str, float]


def measure(house: House) -> Iterator[Figure]:
    """Months one after the other, each with its peer."""
    pledges = pledged.made_ready(sized(ROWS))
    number = ROUNDS if scale() >= TRIAL else 1
    months = [_month(house, pledges, month) for month in range(number)]
    _prove()
    booked, built = [month.booked for month in months], [month.built for month in months]
    yield from _figures("a specification read, applied and booked", booked, 10.0)
    yield from _memory("memory of booking", booked)
    yield from _figures("a file of draws built and sealed", built, 2.0)
    yield from _memory("memory of building", built)
    for case in months[0].by_day:
        seconds = max(month.by_day[case] for month in months) * PLEDGES / pledges.number
        name, ratio = f"{case} for 25 000 pledges", seconds / SECONDS
        yield Figure("autogiro_book", name, seconds, "s", "20 s", ratio, at_most=1.0)


def _month(house: House, pledges: Pledged, month: int) -> Month:
    day, entity = pledges.file_day(month), pledges.entity.pk
    until = calendar.due_until(pledges.agreement, day)
    pledges.go_to(day)
    by_day = {
        "planned, announced, let go": child.alone(days.work).seconds,
        "queued": child.alone(
            partial(drawing.queue, entity, METHOD, today=day, until=until)
        ).seconds,
    }
    built = _beside(house, partial(building.build, pledges.agreement))
    path = house.folder / "specification"
    child.alone(partial(pledges.write_specification, path, month))
    pledges.go_to(pledges.due_in(month))
    booked = _beside(house, partial(_take_in, path))
    by_day["promised reckoned"] = child.alone(promise.reckon_now).seconds
    return Month(built, booked, by_day)


def _beside(house: House, work: Callable[[], object]) -> Beside:
    before = left.place()
    done = child.alone(work)
    rows = Left.since(before, house.folder)
    copied, bare = rows.copy_seconds(), rows.copy_seconds(foreign_keys=False)
    return Beside(done, rows.number, copied, bare)


def _take_in(path: Path) -> None:
    file = inbox.take_in(path.read_bytes(), by="command:bench", name="bench", via="command")
    if file.state != InFile.State.APPLIED or file.counts.keys() != {"applied", "noted"}:
        raise NotBooked(file.counts or file.error or file.reason)


def _prove() -> None:
    verdict = proving.prove()
    if not verdict.ok:
        raise BooksDiffer([check.name for check in verdict.differing])


def _figures(case: str, beside: list[Beside], at_most: float) -> Iterator[Figure]:
    seconds = [one.done.seconds for one in beside]
    took, bench = middle(seconds), "autogiro_book"
    ratio = middle_ratio(seconds, [one.copy for one in beside])
    yield Figure(bench, case, took, "s", COPY, ratio, at_most=at_most)
    bare = middle_ratio(seconds, [one.bare for one in beside])
    yield Figure(bench, f"{case}: once more", took, "s", BARE, bare)
    left_rows = middle([one.rows for one in beside])
    yield Figure(bench, f"{case}: rows left", left_rows, "rows", "", None)


def _memory(case: str, beside: list[Beside]) -> Iterator[Figure]:
    most = max(one.done.megabytes for one in beside)
    against, share = f"{MEMORY_MEGABYTES} MB", most / MEMORY_MEGABYTES
    yield Figure("autogiro_book", case, most, "MB", against, share, at_most=1.0)
