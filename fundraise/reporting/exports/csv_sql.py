"""A cell of a CSV file written by PostgreSQL, byte for byte as writers.CsvWriter writes it.

Plain text of SQL, without Django: COPY quotes what needs quotes, NULL is an empty cell.
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import sql

from fundraise.reporting.exports.writers import FORMULA, Kind

ZONE = "Europe/Stockholm"
BLANKS = " \u00a0"
_FIRST = sql.SQL(", ").join(sql.Literal(sign) for sign in FORMULA)


def cell(kind: Kind, value: sql.Composable, *, comma: bool, made: bool = False) -> sql.Composable:
    """The text of a value; `made`: by the machine, so that no formula can begin it."""
    if kind == Kind.MONEY:
        plain = sql.SQL("(({}) * 0.01)::text").format(value)
        return sql.SQL("replace({}, '.', ',')").format(plain) if comma else plain
    if kind == Kind.TIME:
        local = sql.SQL("date_trunc('second', ({}) AT TIME ZONE {})::text")
        return local.format(value, sql.Literal(ZONE))
    if kind in {Kind.DAY, Kind.NUMBER}:
        return sql.SQL("({})::text").format(value)
    return sql.SQL("nullif(({})::text, '')").format(value) if made else harmless(value)


def harmless(value: sql.Composable) -> sql.Composable:
    """writers.harmless and writers.one_line."""
    first = sql.SQL("left(ltrim({0}, {1}), 1)").format(value, sql.Literal(BLANKS))
    line = sql.SQL("translate({0}, {1}, {2})").format(value, sql.Literal("\r\n"), sql.Literal("  "))
    return sql.SQL("nullif(CASE WHEN {0} IN ({1}) THEN '''' || {2} ELSE {2} END, '')").format(
        first, _FIRST, line
    )


def worded(value: sql.Composable, words: Mapping[str, str]) -> sql.Composable:
    """A code's words; one that has none stays as it is."""
    cases = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(code), sql.Literal(word))
        for code, word in words.items()
    )
    return sql.SQL("CASE {0} {1} ELSE {0} END").format(value, cases) if words else value
