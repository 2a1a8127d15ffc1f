"""What the database holds at the instant of the backup: for the manifest, and to compare with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from fundraise.ledger import proving
from fundraise.ledger.models import ChainHead
from fundraise.ops.backup.programs import Server

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
# It waits while the dumps are written: the role's limit (docs/deploy/roles.sql) would end it there.
HELD = "SET LOCAL idle_in_transaction_session_timeout = 0"
COUNT = sql.SQL("SELECT count(*) FROM {}")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one snapshot, whose name pg_dump is told so that it sees the same."""

    snapshot: str
    server: int
    migrations: list[str]
    rows: dict[str, int]
    heads: dict[str, list[str]]
    books: proving.Json


@contextmanager
def snapshot() -> Iterator[Figures]:
    """One instant of the database, held until the dumps are written."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HELD)
        cursor.execute(proving.READS)
        cursor.execute("SELECT pg_export_snapshot()")
        name = str(cursor.fetchone()[0])
        yield Figures(
            snapshot=name,
            server=_server(),
            migrations=_migrations(),
            rows=_rows(),
            heads=heads(),
            books=proving.prove().as_json(),
        )


def _server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [table for (table,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(COUNT.format(sql.Identifier(table)))
            found[table] = int(cursor.fetchone()[0])
    return found


def heads() -> dict[str, list[str]]:
    """Where each entity's chain of journals ends: position and hash."""
    ends = ChainHead.objects.order_by("entity_id").values_list("entity_id", "position", "hash")
    return {str(entity): [str(position), bytes(last).hex()] for entity, position, last in ends}


def key_tables() -> list[str]:
    """The tables kept apart."""
    return list(settings.KEY_TABLES)


def left_out() -> list[str]:
    """The tables whose rows the ordinary backup is without."""
    return [*settings.KEY_TABLES, *settings.BACKUP_LEAVES_OUT]


def rows_of(server: Server) -> dict[str, int]:
    """The number of rows of every table of another database, as its owner sees it."""
    with psycopg.connect(server.conninfo(), password=server.password or None) as other:
        tables = [str(row[0]) for row in other.execute(TABLES).fetchall()]
        return {table: _count(other, table) for table in tables}


def _count(other: psycopg.Connection[tuple[object, ...]], table: str) -> int:
    row = other.execute(COUNT.format(sql.Identifier(table))).fetchone()
    return int(str(row[0])) if row else 0
