"""Whole books of a year as SIE 4E, for the auditor and those whose books live here.

Every journal is a voucher of its own under its series and number, with opening and closing balances
of this year and the one before, where there is one. It hands nothing over: journals stay free for
4I files, and the same year may be taken out again as the books go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.db import transaction

from fundraise.ledger.models import LegalEntity
from fundraise.ledger.sie.grouping import single
from fundraise.ledger.sie.rows import Balance, SieError, Year
from fundraise.ledger.sie.writer import write_4e
from fundraise.reporting.books import balances
from fundraise.reporting.books import contents as books
from fundraise.reporting.books.exporting import ExportError, Prepared, lock, prepared, register
from fundraise.reporting.books.models import BookExport


def look(entity: LegalEntity, year: int) -> Prepared:
    """What the file of a year would hold. Raises ExportError: nothing."""
    found = list(books.journals(entity, *_days(year), left_only=False))
    if not found:
        raise ExportError("nothing")
    rows = sorted((row for _place, row in found), key=lambda row: (row.series, row.number))
    shown = prepared(rows, [place for place, _row in found])
    return replace(shown, groups=tuple(single(row) for row in rows))


def _days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


@transaction.atomic
def export_4e(entity: LegalEntity, year: int, *, by: str, seen: str = "") -> BookExport:
    """The whole year as a file. With `seen` it is made only of what the page showed (code moved).

    Raises ExportError: nothing, moved, unwritable, faults.
    """
    entity = lock(entity)
    shown = look(entity, year)
    if seen and shown.seen != seen:
        raise ExportError("moved")
    sums = tuple(_balances(entity, year))
    made = books.contents(entity, shown.groups, _years(year, sums), sums)
    try:
        written = write_4e(made)
    except SieError as error:
        raise ExportError("unwritable", str(error)) from None
    kind = BookExport.Kind.SIE_4E
    return register(entity, kind, _days(year), shown, made, by=by, written=written)


def _years(year: int, sums: tuple[Balance, ...]) -> tuple[Year, ...]:
    this = books.year_of(date(year, 1, 1))
    before = books.year_of(date(year, 1, 1), -1)
    return (this, before) if any(row.year == -1 for row in sums) else (this,)


def _balances(entity: LegalEntity, year: int) -> Iterator[Balance]:
    """Of this year, and of the one before when anything was booked until its end."""
    yield from _of_year(entity, year, 0)
    yield from _of_year(entity, year - 1, -1)


def _of_year(entity: LegalEntity, year: int, number: int) -> Iterator[Balance]:
    for one in balances.of_days(entity, *_days(year)):
        if one.is_of_result:
            yield Balance("RES", number, one.number, one.moved)
        else:
            yield Balance("IB", number, one.number, one.opening)
            yield Balance("UB", number, one.number, one.closing)
