"""What a piece of work leaves behind, and how long COPY takes to write exactly those rows.

Every row version of every table that the work has written, new or changed, is copied out, and then
back into empty tables of the same columns, checks, indexes and foreign keys, without the triggers
of our own: a little less work than the tables themselves would ask of COPY.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from psycopg import Connection, sql

from fundraise.ops.seed import load

SCHEMA = "left_behind"
BLOCK = 1 << 16

_NOW = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_TABLES = """
  SELECT relname FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'django_migrations'
   ORDER BY relname"""
_KEYS = """
  SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
   WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'"""
_WRITTEN = "SELECT t.* FROM public.{table} t WHERE t.xmin::text::bigint >= {since}"


@dataclass(slots=True)
class Left:
    """The rows of one piece of work, by table, each table's in a file."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)

    @classmethod
    def since(cls, place: int, folder: Path) -> Self:
        """All rows that were written after `now()` gave this place."""
        left = cls(folder)
        with load.owner() as connection:
            for (table,) in connection.execute(_TABLES).fetchall():
                left._take(connection, table, place)
        return left

    def _take(self, connection: Connection, table: str, place: int) -> None:
        written = sql.SQL(_WRITTEN).format(table=sql.Identifier(table), since=sql.Literal(place))
        path = self.folder / f"{table}.copy"
        with path.open("wb") as out, connection.cursor() as cursor:
            with cursor.copy(sql.SQL("COPY ({}) TO STDOUT").format(written)) as rows:
                for block in rows:
                    out.write(block)
            if cursor.rowcount > 0:
                self.rows[table] = cursor.rowcount
        if table not in self.rows:
            path.unlink()

    @property
    def number(self) -> int:
        """How many rows in all."""
        return sum(self.rows.values())

    def copy_seconds(self, *, foreign_keys: bool = True) -> float:
        """Write them all with COPY, in one transaction with its commit."""
        with load.owner() as connection:
            self._empty_tables(connection)
            if foreign_keys:
                self._point(connection)
        with load.owner() as connection:
            begun = time.perf_counter()
            for table in self.rows:
                self._copy(connection, table)
            connection.commit()
            return time.perf_counter() - begun

    def _empty_tables(self, connection: Connection) -> None:
        schema = sql.Identifier(SCHEMA)
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        for table in self.rows:
            like = sql.SQL("CREATE TABLE {0}.{1} (LIKE public.{1} INCLUDING ALL)")
            connection.execute(like.format(schema, sql.Identifier(table)))

    def _point(self, connection: Connection) -> None:
        """At the rows that the tables themselves point at."""
        for table, name, key in connection.execute(_KEYS, [list(self.rows)]).fetchall():
            statement = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                sql.Identifier(SCHEMA, table), sql.Identifier(name), sql.SQL(key)
            )
            connection.execute(statement)

    def _copy(self, connection: Connection, table: str) -> None:
        into = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(SCHEMA, table))
        path = self.folder / f"{table}.copy"
        with path.open("rb") as rows, connection.cursor().copy(into) as out:
            while block := rows.read(BLOCK):
                out.write(block)


def place() -> int:
    """Where the database's transactions stand: what is written from here on is left behind."""
    with load.owner() as connection:
        found = connection.execute(_NOW).fetchone()
    assert found is not None  # noqa: S101 - it always answers
    return int(found[0])
