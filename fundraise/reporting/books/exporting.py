"""The door of SIE 4I: looked at first, made once, kept as it went; closed months are locked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from fundraise import clock, copying
from fundraise.audit import services as audit
from fundraise.ledger.models import Journal, LegalEntity, Period
from fundraise.ledger.services import set_period
from fundraise.ledger.sie.grouping import Group, JournalRow, group
from fundraise.ledger.sie.rows import Contents, SieError, Written
from fundraise.ledger.sie.writer import write_4i
from fundraise.ledger.sie_strict.judge import Kind, faults
from fundraise.reporting.books import contents as books
from fundraise.reporting.books.models import BookExport, ExportedJournal

JUDGED: dict[str, Kind] = {BookExport.Kind.SIE_4I: "4I", BookExport.Kind.SIE_4E: "4E"}


class ExportError(ValueError):
    """The file is not made, and nothing is noted.

    `code`: days (from after to), years (two financial years), nothing (no journal in these days),
    exported (all of them stand in files), moved (others than the page showed), unwritable (a row
    can't become SIE; `detail` says which), faults (the judge refused the file).
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The numbers of one series in a file."""

    series: str
    year: int
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a file of these days would hold; the page shows it and the file is made of it."""

    groups: tuple[Group, ...]
    first_position: int
    last_position: int
    journals: int
    sum_ore: int
    numbers: tuple[NumberRange, ...]
    in_other_files: tuple[BookExport, ...]

    @property
    def seen(self) -> str:
        """What the page showed, so that the button makes that and nothing else."""
        return f"{self.journals}-{self.sum_ore}-{self.last_position}"


def prepare(entity: LegalEntity, from_day: date, to_day: date) -> Prepared:
    """What is left to hand over of some days.

    Raises ExportError: days, years, nothing, exported.
    """
    if from_day > to_day:
        raise ExportError("days")
    if from_day.year != to_day.year:
        raise ExportError("years")
    found = list(books.journals(entity, from_day, to_day, left_only=True))
    others = _files_of(entity, from_day, to_day)
    if not found:
        raise ExportError("exported" if others else "nothing", ", ".join(map(str, others)))
    return prepared([row for _place, row in found], [place for place, _row in found], others)


def prepared(
    rows: Sequence[JournalRow], positions: Sequence[int], others: Sequence[BookExport] = ()
) -> Prepared:
    """The same from rows that were read."""
    return Prepared(
        groups=tuple(group(rows)),
        first_position=min(positions),
        last_position=max(positions),
        journals=len(rows),
        sum_ore=sum(move.ore for row in rows for move in row.movements),
        numbers=tuple(_ranges(rows)),
        in_other_files=tuple(others),
    )


def _files_of(entity: LegalEntity, from_day: date, to_day: date) -> list[BookExport]:
    days = {"members__journal__accounting_date__range": (from_day, to_day)}
    found = BookExport.objects.filter(entity=entity, kind=BookExport.Kind.SIE_4I, **days)
    return list(found.defer("content").distinct().order_by("number"))


def _ranges(rows: Sequence[JournalRow]) -> list[NumberRange]:
    found: dict[tuple[str, int], list[int]] = {}
    for row in rows:
        found.setdefault((row.series, row.year), []).append(row.number)
    return [
        NumberRange(series, year, min(numbers), max(numbers), len(numbers))
        for (series, year), numbers in sorted(found.items())
    ]


@transaction.atomic
def export_4i(
    entity: LegalEntity, from_day: date, to_day: date, *, by: str, seen: str = ""
) -> BookExport:
    """Make the file of what is left of some days, and note every journal in it.

    Closed months that these days cover are locked with it. Raises ExportError; nothing is noted
    then. With `seen` the file is made only of what the page showed (code moved).
    """
    entity = lock(entity)
    found = prepare(entity, from_day, to_day)
    if seen and found.seen != seen:
        raise ExportError("moved")
    made = books.contents(entity, found.groups, (books.year_of(from_day),))
    export = register(entity, BookExport.Kind.SIE_4I, (from_day, to_day), found, made, by=by)
    pairs = ((place, key) for place, one in enumerate(found.groups, 1) for key in one.journals)
    copying.copy(
        ExportedJournal,
        ("journal", "export", "voucher"),
        ((key, export.pk, place) for place, key in pairs),
    )
    lock_closed_months(entity, from_day, to_day, by=by)
    return export


def lock(entity: LegalEntity) -> LegalEntity:
    """The entity as it stands: one file of it at a time, so that no journal is in two."""
    return LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)


def register(
    entity: LegalEntity,
    kind: str,
    days: tuple[date, date],
    found: Prepared,
    made: Contents,
    *,
    by: str,
    written: Written | None = None,
) -> BookExport:
    """Keep a file that the judge accepts. Raises ExportError: unwritable, faults."""
    written = written or _written(made)
    if wrong := faults(written.data, JUDGED[kind]):
        raise ExportError("faults", str(wrong[0]))
    export = BookExport.objects.create(
        entity=entity,
        kind=kind,
        number=_next_number(entity),
        from_day=days[0],
        to_day=days[1],
        made_at=clock.now(),
        made_by=by,
        **_told_of(found),
        **_kept_of(written),
    )
    _log(export, by)
    return export


def _told_of(found: Prepared) -> dict[str, Any]:
    """What the register says of the journals in a file."""
    return {
        "first_position": found.first_position,
        "last_position": found.last_position,
        "journals": found.journals,
        "vouchers": len(found.groups),
        "sum_ore": found.sum_ore,
        "numbers": [
            [one.series, one.year, one.first, one.last, one.count] for one in found.numbers
        ],
    }


def _kept_of(written: Written) -> dict[str, Any]:
    """What it keeps of the file itself."""
    return {
        "changes": [[change.where, change.before, change.after] for change in written.changes],
        "content": written.data,
        "size": len(written.data),
        "sha256": hashlib.sha256(written.data).hexdigest(),
    }


def _written(made: Contents) -> Written:
    try:
        return write_4i(made)
    except SieError as error:
        raise ExportError("unwritable", str(error)) from None


def _next_number(entity: LegalEntity) -> int:
    last = BookExport.objects.filter(entity=entity).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def lock_closed_months(entity: LegalEntity, from_day: date, to_day: date, *, by: str) -> None:
    """Closed months of these days that have nothing left to hand over take no change any more."""
    months = Period.objects.filter(
        entity=entity, state=Period.State.CLOSED, first_day__range=(from_day, to_day)
    )
    for period in months.order_by("first_day"):
        last = last_day(period.first_day)
        if last <= to_day and not _is_left(entity, period.first_day, last):
            set_period(entity, month=period.first_day, state=Period.State.LOCKED, by=by)


def last_day(first_day: date) -> date:
    """The last day of the month that a day begins."""
    return (first_day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _is_left(entity: LegalEntity, first: date, last: date) -> bool:
    rows = Journal.objects.filter(entity=entity, accounting_date__range=(first, last))
    return rows.filter(exported=None, series__already_exported=False).exists()


def _log(export: BookExport, by: str) -> None:
    audit.log_change(
        by=by,
        action="books.exported",
        subject_type="book_export",
        subject_ref=export.ref,
        after={
            "kind": export.kind,
            "entity": export.entity.ref,
            "from_day": export.from_day,
            "to_day": export.to_day,
            "journals": export.journals,
            "sum_ore": export.sum_ore,
        },
    )
