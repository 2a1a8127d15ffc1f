"""The stored offset of the product's clock, read at most once a second."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import Error, connection

CACHED_SECONDS = 1.0

_SQL = "SELECT seconds FROM jobs_clockoffset WHERE id = 1"


class _Cache:
    value = timedelta(0)
    read_at = float("-inf")
    table_seen = False


def forget() -> None:
    """Read again at the next question."""
    _Cache.read_at = float("-inf")


def stored() -> timedelta:
    """The offset; the last known one when the database can't say."""
    if time.monotonic() - _Cache.read_at >= CACHED_SECONDS:
        _Cache.read_at = time.monotonic()
        try:
            _Cache.value = _read()
        except (Error, RuntimeError):
            # No connection, a broken transaction, or a test without a database: time goes on.
            return _Cache.value
    return _Cache.value


def _read() -> timedelta:
    with connection.cursor() as cursor:
        if not _Cache.table_seen:
            # A migration asks the time before the table is there; failing would break it.
            cursor.execute("SELECT to_regclass('jobs_clockoffset')")
            _Cache.table_seen = cursor.fetchone()[0] is not None
        if not _Cache.table_seen:
            return timedelta(0)
        cursor.execute(_SQL)
        row = cursor.fetchone()
    return timedelta(seconds=row[0] if row else 0)
