"""Statements that are run thousands of times: the server plans each once for a connection.

Django sends its statements as text, so each is planned anew. Where planning takes longer than the
work itself, run it through here. Such a statement must be right whatever its plan was made for:
rows found by a key, one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

AFTER = 5  # times that a connection has run a statement before it is prepared
Answered = psycopg.Cursor[tuple[Any, ...]]
Values = Sequence[Any] | Mapping[str, Any]


@contextmanager
def run(statement: str, values: Values, *, binary: bool = False) -> Iterator[Answered]:
    """Run a statement of the caller's own; the cursor has what it answers.

    `binary` is quicker for many rows with bytes in them.
    """
    connection.ensure_connection()
    line: psycopg.Connection[tuple[Any, ...]] = connection.connection
    line.prepare_threshold = AFTER  # Django's own cursors take no notice
    with connection.wrap_database_errors, psycopg.Cursor(line) as cursor:
        cursor.execute(statement, values, binary=binary)
        yield cursor
