"""Fast ways into the tables, for their owner, inside one transaction.

Keys to other tables and look-up indexes are dropped, the rows copied, and the same keys and indexes
made again over all rows at once, which checks every one of them. A failure undoes all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection as django_connection
from django.db import models
from psycopg import sql

from fundraise.env import database_from_url
from fundraise.ops.seed.sheets import COLUMNS

Connection = psycopg.Connection[tuple[Any, ...]]
Lumps = Iterable[Mapping[str, bytes]]

_CONSTRAINTS = """
  SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
   WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype DESC, oid"""
_INDEXES = """
  SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
   WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
     AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid
                      AND c.contype = 'u')"""


def owner() -> Connection:
    """A connection of the tables' owner to the database that Django works on."""
    parts = database_from_url(settings.DATABASE_OWNER_URL)
    return psycopg.connect(
        host=str(parts["HOST"]) or None,
        port=str(parts["PORT"]) or None,
        user=str(parts["USER"]) or None,
        password=str(parts["PASSWORD"]) or None,
        dbname=django_connection.settings_dict["NAME"],
    )


def keep_statistics(*tables: str) -> None:
    """Let the database look at tables, or at all of them, as it does by itself some minutes after
    a load: only their owner may ask for it. What died in them is cleared away too."""
    with owner() as connection:
        connection.autocommit = True
        connection.execute("SET maintenance_work_mem = '512MB'")
        _run(connection, f"VACUUM (ANALYZE) {', '.join(tables)}")


@contextmanager
def bare(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Tables without keys, indexes and the triggers of their rows, and whole again afterwards."""
    names = list(tables)
    keys = connection.execute(_CONSTRAINTS, [names]).fetchall()
    indexes = connection.execute(_INDEXES, [names]).fetchall()
    connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for table, key, _definition in keys:
        _run(connection, f"ALTER TABLE {table} DROP CONSTRAINT {_quoted(key)}")
    for index, _definition in indexes:
        _run(connection, f"DROP INDEX {index}")
    for table in names:
        _run(connection, f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in names:
        _run(connection, f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for _index, definition in indexes:
        _run(connection, definition)
    for table, key, definition in keys:  # unique ones first: others may lean on them
        _run(connection, f"ALTER TABLE {table} ADD CONSTRAINT {_quoted(key)} {definition}")


def copy_lumps(connection: Connection, lumps: Lumps) -> None:
    """Copy lump after lump; the next one is written while the server takes the last."""
    waiting: Queue[Mapping[str, bytes] | None] = Queue(maxsize=1)
    broken: list[BaseException] = []
    loader = Thread(target=_load, args=(connection, waiting, broken), name="seed-loader")
    loader.start()
    try:
        for lump in lumps:
            if broken:
                break
            waiting.put(lump)
    finally:
        waiting.put(None)
        loader.join()
    if broken:
        raise broken[0]


def _load(
    connection: Connection,
    waiting: Queue[Mapping[str, bytes] | None],
    broken: list[BaseException],
) -> None:
    while (lump := waiting.get()) is not None:
        try:
            if not broken:
                _copy(connection, lump)
        except BaseException as error:  # told to the thread that waits
            broken.append(error)


def _copy(connection: Connection, lump: Mapping[str, bytes]) -> None:
    with connection.cursor() as cursor:
        for table, text in lump.items():
            statement = f"COPY {table} ({COLUMNS[table]}) FROM STDIN"
            with cursor.copy(statement.encode()) as copy:
                copy.write(text)


def copy_models(connection: Connection, rows: Sequence[models.Model]) -> None:
    """Copy unsaved rows of one model; the database numbers those without a key of their own."""
    if not rows:
        return
    fields = [f for f in rows[0]._meta.concrete_fields if not _numbered(f, rows[0])]
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    table = sql.Identifier(rows[0]._meta.db_table)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)
    names = [field.attname for field in fields]
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([getattr(row, name) for name in names])


def _numbered(field: models.Field[Any, Any], row: models.Model) -> bool:
    return field.primary_key and getattr(row, field.attname) is None


def last_number(connection: Connection, table: str) -> int:
    """The last row id that a table's sequence has given; zero when it has given none."""
    sequence = _one(connection, "SELECT pg_get_serial_sequence(%s, 'id')", table)
    asked = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"  # noqa: S608
    found = _one(connection, asked)
    return int(found)


def set_number(connection: Connection, table: str, last: int) -> None:
    """The sequence goes on after `last`."""
    if last:
        _one(connection, "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", table, last)


def _one(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query.encode(), list(values)).fetchone()
    return row[0] if row else None


def _run(connection: Connection, statement: str) -> None:
    connection.execute(statement.encode())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
