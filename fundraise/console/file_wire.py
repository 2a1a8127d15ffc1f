"""Which connection a file is read on: one of its own, over one snapshot, where that can be.

Progress is told, and a stop is asked for, on Django's connection meanwhile; nothing of it is locked
while the file is made. Within a transaction, what that has changed would not be seen from outside,
so the file is read there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg import Connection, sql

WORK_MEMORY = "64MB"  # so that a million rows are joined and sorted without the disk
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def has_its_own() -> bool:
    """Whether a file made now is read on a connection of its own."""
    return not connection.in_atomic_block


@contextmanager
def opened() -> Iterator[Connection[Any]]:
    """psycopg's connection to read a file on."""
    if has_its_own():
        with _its_own() as made:
            yield made
    else:
        with transaction.atomic():
            yield djangos()


@contextmanager
def _its_own() -> Iterator[Connection[Any]]:
    made: Connection[Any] = connection.get_new_connection(connection.get_connection_params())
    try:
        with made.transaction():
            made.execute(SNAPSHOT)
            made.execute("SET LOCAL DateStyle TO ISO")
            made.execute(sql.SQL("SET LOCAL work_mem TO {}").format(sql.Literal(WORK_MEMORY)))
            yield made
    finally:
        made.close()


def djangos() -> Connection[Any]:
    """psycopg's own connection under Django's."""
    connection.ensure_connection()
    found: Connection[Any] = connection.connection
    return found
