"""Asking the database about a tree: with profiles made up to date, room to work in, and an end.

A count that takes too long is stopped, and so is one whose page has asked a newer question: the
statement bears the page's key as a comment, and the newer one stops what bears the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from fundraise import collector
from mailings.segments.errors import TooSlow

KEY = re.compile(r"[a-z0-9]{1,64}")
SETTINGS = (
    ("work_mem", "64MB"),  # hashed lists of donors stay in memory
    ("hash_mem_multiplier", "4"),
    ("jit", "off"),
    ("parallel_tuple_cost", "0"),  # what is handed over are words of bits: few, which it can't know
)
_STOP = """
  SELECT pg_cancel_backend(pid) FROM pg_stat_activity
   WHERE state = 'active' AND pid <> pg_backend_pid() AND usename = current_user
     AND starts_with(query, %s)"""


def refresh() -> int:
    """Make profiles anew that may be old; how many. Quick when there is nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM segments_stale)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT segments_refresh()")
        return int(cursor.fetchone()[0])


def rows(text: str, params: tuple[Any, ...], *, key: str = "") -> list[tuple[Any, ...]]:
    """The answer. Raises TooSlow."""
    mark = f"/* segments {key} */ " if KEY.fullmatch(key) else ""
    refresh()
    try:
        with (
            room(settings.SEGMENT_SECONDS),
            connection.cursor() as cursor,
            collector.away(),
        ):
            if mark:
                cursor.execute(_STOP, [mark])
            cursor.execute(mark + text, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlow from None
        raise


@contextmanager
def room(seconds: int) -> Iterator[None]:
    """A transaction with memory for lists and a time that no statement in it exceeds."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name, value in (*SETTINGS, ("statement_timeout", f"{seconds}s")):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield
        # A caller's own transaction goes on as it was.
        if connection.in_atomic_block and not connection.needs_rollback:
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
