"""Wait until somebody else waits for a lock, so that two of them truly meet."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from django.db import connection

from fundraise.local import processes

LONGEST = 300.0


def until_it_waits(future: Future[Any], among: int = 1) -> None:
    """Until so many wait for a lock in this database, or fail with what the future has become."""
    assert processes.wait_until(lambda: future.done() or _waiting() >= among, LONGEST)
    assert not future.done(), future.result()


def _waiting() -> int:
    """A transaction keeps the list of connections that it saw first, which is forgotten here. Locks
    are those of the whole server: with another database's wait, a list without the one that is
    looked for would be kept for good."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE NOT l.granted AND a.datname = current_database()"
        )
        return int(cursor.fetchone()[0])
