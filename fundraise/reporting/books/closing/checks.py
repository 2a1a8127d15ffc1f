"""The checklist of a month: what the daily proof, the queue and the books say of it, as they stand.

Nothing is kept here. A line that is not green is signed by somebody with a comment; the signature
holds for the line as it stood, and falls when the line changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count, Q, Sum

from fundraise import clock
from fundraise.ledger.checks import DIFFERS, NOT_APPLICABLE, OK, WAITING
from fundraise.ledger.models import Journal, LegalEntity, Period
from fundraise.reconciliation.models import Item, ProofLine, ProofRun, QueueItem
from fundraise.reporting.books.exporting import last_day
from fundraise.reporting.books.models import MonthSignature


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `key` names it: "earlier", "numbers", "suspense", "queue", "proof" or, of the
    daily proof, its letter and source ("A:1930"). Sums are öre where `money` is true."""

    key: str
    expected: int
    actual: int
    status: str
    money: bool = False
    letter: str = ""
    source: str = ""
    name: str = ""
    day: date | None = None  # of the proof, or when a file is expected
    signature: MonthSignature | None = None

    @property
    def difference(self) -> int:
        return self.actual - self.expected

    @property
    def is_green(self) -> bool:
        return self.status in {OK, NOT_APPLICABLE}

    @property
    def is_settled(self) -> bool:
        """Green, or answered for by somebody."""
        return self.is_green or self.signature is not None


def checklist(entity: LegalEntity, first_day: date) -> list[Line]:
    """Every line of a month with the signature that holds for it."""
    signed: dict[tuple[object, ...], MonthSignature] = {
        (row.key, row.status, row.expected, row.actual): row
        for row in MonthSignature.objects.filter(entity=entity, first_day=first_day).order_by("pk")
    }
    return [
        _with(line, signed.get((line.key, line.status, line.expected, line.actual)))
        for line in _lines(entity, first_day)
    ]


def _with(line: Line, signature: MonthSignature | None) -> Line:
    if line.is_green or signature is None:
        return line
    return replace(line, signature=signature)


def _lines(entity: LegalEntity, first_day: date) -> Iterator[Line]:
    last = last_day(first_day)
    yield _earlier(entity, first_day)
    yield _numbers(entity, first_day.year)
    yield _suspense(entity, last)
    yield _queue(entity, last)
    yield from _proof(entity, last)


def _none_of(key: str, actual: int, *, money: bool = False) -> Line:
    return Line(key, 0, actual, OK if actual == 0 else DIFFERS, money)


def _earlier(entity: LegalEntity, first_day: date) -> Line:
    """Months before this one that have journals and are open; what the bookkeeping program held
    before the start is closed there."""
    shut = Period.objects.filter(entity=entity, first_day__lt=first_day).exclude(state="open")
    closed = set(shut.values_list("first_day", flat=True))
    days = Journal.objects.filter(
        entity=entity, accounting_date__lt=first_day, series__already_exported=False
    )
    months = {day.replace(day=1) for day in days.dates("accounting_date", "month")}
    return _none_of("earlier", len(months - closed))


_GAPS = """
  SELECT count(*) FROM (
    SELECT series_id FROM ledger_journal WHERE entity_id = %s AND year = %s GROUP BY series_id
    HAVING min(number) <> 1 OR max(number) <> count(*)) gaps"""


def _numbers(entity: LegalEntity, year: int) -> Line:
    """Series of the year whose numbers have a gap."""
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, [entity.pk, year])
        return _none_of("numbers", int(cursor.fetchone()[0]))


def _suspense(entity: LegalEntity, last: date) -> Line:
    """Money of these days that is not placed yet, in öre."""
    waiting = Item.objects.filter(
        account__entity=entity, booked_on__lte=last, state__in=["new", "suggested", "unknown"]
    )
    found = waiting.aggregate(ore=Sum("amount_ore"), number=Count("pk"))
    ore = int(found["ore"] or 0)
    return Line("suspense", 0, ore, DIFFERS if found["number"] else OK, money=True)


def _queue(entity: LegalEntity, last: date) -> Line:
    """Things of these days that nobody has settled."""
    rows = QueueItem.objects.filter(entity=entity, state="open", opened_at__date__lte=last)
    return _none_of("queue", rows.count())


# Of these both sides are numbers of rows, not sums: by the last part of the source.
COUNTED = frozenset({"chain", "file", "lines", "thermometer", "in doubt", "items", "receipts"})


def _proof(entity: LegalEntity, last: date) -> Iterator[Line]:
    """The newest daily proof that was done when the month was over; of the house's lines too."""
    over = datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.STOCKHOLM)
    runs = ProofRun.objects.filter(began_at__gte=over, ended_at__isnull=False)
    run = runs.order_by("-began_at", "-pk").first()
    if run is None:
        yield Line("proof", 1, 0, WAITING)
        return
    rows = ProofLine.objects.filter(Q(entity=entity) | Q(entity=None), run=run)
    for row in rows.order_by("letter", "source", "entity"):
        part = row.source.rpartition(":")[2]
        yield Line(
            f"{row.letter}:{row.source}"[:94] + ("" if row.entity_id else ":house"),
            row.expected,
            row.actual,
            row.status,
            money=row.letter not in "EFG" and part not in COUNTED,
            letter=row.letter,
            source=row.source,
            name=row.name,
            day=row.due_on or run.day,
        )
