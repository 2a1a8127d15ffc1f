"""The rows of a list as a file reads them: values in the order of its columns, each row once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from psycopg import Connection

from fundraise.console import badges, file_wire
from fundraise.console.file_query import FileQuery, query_of, words_of
from fundraise.console.tables.base import Chosen, Column, Source
from fundraise.reporting.exports.writers import Value

BATCH = 1000
T = TypeVar("T")
Values = Sequence[Value]


def once(rows: Iterator[T], key: Callable[[T], int]) -> Iterator[T]:
    """Rows by falling key: a join that gave one twice would stop here, not in the books."""
    last: int | None = None
    for row in rows:
        place = key(row)
        if last is not None and place >= last:
            raise AssertionError("a row came twice")
        last = place
        yield row


def values_of(chosen: Chosen, rows: Any, columns: Sequence[Column], form: str) -> Iterator[Values]:
    """Each row's values: codes in JSON, words for people."""
    source = chosen.table.source
    if source is not None:
        yield from _with_names(chosen, _queried(source, rows, columns, form), columns)
        return
    for row in _opened(chosen, rows):
        yield [value_of(column, row, form) for column in columns]


# --- Of rows --------------------------------------------------------------------------------------
def _opened(chosen: Chosen, rows: Any) -> Iterator[Any]:
    """The rows as a file reads them: some lists have to be opened, a batch at a time."""
    key, opened = chosen.table.key, chosen.table.opened
    found = once(rows.iterator(chunk_size=BATCH), lambda row: getattr(row, key))
    if opened is None:
        yield from found
        return
    while batch := list(islice(found, BATCH)):
        yield from opened(batch, chosen.viewer)


def value_of(column: Column, row: Any, form: str) -> Value:
    """A value for a file."""
    value = column.value(row)
    if column.words is not None and (form != "json" or not _is_plain(value)):
        return str(column.words(value)) if value not in (None, "") else ""
    if column.badge and form != "json":
        return str(_badge(column, str(value)))
    return value


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int)


def _badge(column: Column, state: str) -> str:
    badge = badges.KINDS[column.badge].get(state)
    return str(badge.word) if badge else state


# --- Of one query ---------------------------------------------------------------------------------
def _with_names(
    chosen: Chosen, rows: Iterator[tuple[int, list[Value]]], columns: Sequence[Column]
) -> Iterator[Values]:
    """The rows, and in the columns that were asked for what is sealed, opened a batch at a time."""
    asked = [(at, column.name) for at, column in enumerate(columns) if column.asked]
    opened = chosen.table.source.opened if chosen.table.source is not None else None
    if not asked or opened is None:
        for _key, values in rows:
            yield values
        return
    while batch := list(islice(rows, BATCH)):
        found = opened([key for key, _values in batch], chosen.viewer)
        for key, values in batch:
            for at, name in asked:
                values[at] = found.get(key, {}).get(name, "")
            yield values


def _queried(
    source: Source, rows: Any, columns: Sequence[Column], form: str
) -> Iterator[tuple[int, list[Value]]]:
    worded = [words_of(column) if form != "json" else {} for column in columns]
    with file_wire.opened() as wire:
        query = query_of(source, columns, rows, wire)
        for row in once(_tuples(wire, query), lambda row: row[0]):
            values = [
                said.get(value, value) if said else _plain(value)
                for said, value in zip(worded, row[1:], strict=True)
            ]
            yield row[0], values


def _tuples(wire: Connection[Any], query: FileQuery) -> Iterator[tuple[Any, ...]]:
    """The rows through a cursor of the server: never more than a batch of them here."""
    with wire.cursor(name="file") as cursor:
        cursor.itersize = BATCH
        yield from cursor.execute(query.raw())


def _plain(value: Any) -> Value:
    return value if value is None or isinstance(value, Value.__args__) else str(value)
