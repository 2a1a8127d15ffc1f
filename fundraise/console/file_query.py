"""A list with a Source as one query: raw values for any file, or cells that are CSV already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from psycopg import ClientCursor, Connection, sql

from fundraise.console.tables.base import Column, Source
from fundraise.reporting.exports import csv_sql
from fundraise.reporting.exports.writers import Kind, harmless, one_line

NONE = "SELECT 0 AS id WHERE false"


@dataclass(frozen=True, slots=True)
class FileQuery:
    """The rows of a file, the newest first."""

    source: Source
    columns: Sequence[Column]
    chosen: sql.Composable

    def raw(self) -> sql.Composed:
        """The key, then each column's value."""
        return self._select([_sql(column) for column in self.columns])

    def csv(self, *, comma: bool) -> sql.Composed:
        """Each column's cell as text: to be copied out."""
        cells = [_cell(column, comma=comma) for column in self.columns]
        return self._select(cells, key=False)

    def totals(self) -> sql.Composed:
        """How many rows, and the sums of the columns that have one; without any join."""
        sums = [sql.SQL("coalesce(sum({}), 0)").format(_sql(one)) for one in self.summed]
        return sql.SQL("WITH chosen AS ({}) SELECT {} FROM {}").format(
            self.chosen,
            sql.SQL(", ").join([sql.SQL("count(*)"), *sums]),
            self._text(self.source.base),
        )

    @property
    def summed(self) -> list[Column]:
        return [column for column in self.columns if column.total]

    def _select(self, cells: Sequence[sql.Composable], *, key: bool = True) -> sql.Composed:
        place = sql.SQL(self.source.key)
        return sql.SQL(
            "WITH chosen AS MATERIALIZED ({}) SELECT {} FROM {} {} ORDER BY {} DESC"
        ).format(
            self.chosen,
            sql.SQL(", ").join([place, *cells] if key else cells),
            self._text(self.source.base),
            self._text(self.source.joins),
            place,
        )

    def _text(self, text: str) -> sql.Composable:
        values = {name: sql.Literal(value) for name, value in self.source.values().items()}
        return sql.SQL(text).format(**values) if values else sql.SQL(text)


def query_of(
    source: Source, columns: Sequence[Column], rows: QuerySet[Any], wire: Connection[Any]
) -> FileQuery:
    """The query of a list's rows that a filter chose; `wire` knows how values are quoted."""
    try:
        text, params = rows.order_by().values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        text, params = NONE, ()
    chosen = ClientCursor(wire).mogrify(text, params)
    return FileQuery(source, columns, _verbatim(chosen))


def _verbatim(text: str) -> sql.Composable:
    """SQL as it stands: braces in it are no places to fill in."""
    return sql.SQL(f"SELECT id FROM ({text}) AS rows (id)")  # noqa: S608


def words_of(column: Column) -> Mapping[str, str]:
    """The words of each code of a column, in the language that is active."""
    return {code: str(word) for code, word in column.coded().items()} if column.coded else {}


def _sql(column: Column) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(column.sql))


def _cell(column: Column, *, comma: bool) -> sql.Composable:
    kind, value = column.kind, _sql(column)
    if column.coded is None:
        return csv_sql.cell(kind, value, comma=comma, made=column.made)
    words = {code: one_line(harmless(word)) for code, word in words_of(column).items()}
    return csv_sql.cell(Kind.TEXT, csv_sql.worded(value, words), comma=comma, made=True)
