"""A long list as CSV, written by PostgreSQL itself and copied through: no row is touched here.

It is read on a connection of its own (file_wire.py): one snapshot holds for rows and sums. The
lines that came are counted against the rows that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from psycopg import Connection, sql

from fundraise.console import file_wire
from fundraise.console.file_query import FileQuery, query_of
from fundraise.console.tables.base import Column, Source
from fundraise.reporting.exports.writers import CsvWriter

LINES_AT_ONCE = 1000


def copy(
    source: Source,
    rows: QuerySet[Any],
    columns: Sequence[Column],
    writer: CsvWriter,
    step: Callable[[int], None],
) -> tuple[int, dict[str, int]]:
    """Write every row; how many, and the sums by column."""
    with file_wire.opened() as wire:
        query = query_of(source, columns, rows, wire)
        number, sums = _totals(wire, query)
        written = 0
        for lines in _lines(wire, query.csv(comma=writer.comma), delimiter=writer.delimiter):
            writer.raw(b"".join(lines))
            written += len(lines)
            step(written)
    if written != number:
        raise AssertionError(f"{number} rows, and {written} lines")
    return number, sums


def _totals(wire: Connection[Any], query: FileQuery) -> tuple[int, dict[str, int]]:
    number, *sums = wire.execute(query.totals()).fetchone() or (0,)
    names = [column.name for column in query.summed]
    return int(number), {name: int(ore) for name, ore in zip(names, sums, strict=True)}


def _lines(wire: Connection[Any], query: sql.Composed, *, delimiter: str) -> Iterator[list[bytes]]:
    told = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, DELIMITER {}, NULL '')")
    with wire.cursor().copy(told.format(query, sql.Literal(delimiter))) as copied:
        lines = map(bytes, copied)
        while batch := list(islice(lines, LINES_AT_ONCE)):
            yield batch
