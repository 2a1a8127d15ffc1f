"""What of the bank's side is done by one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_TAKE = "SELECT pg_advisory_lock(hashtext('proof'))"
_GIVE_BACK = "SELECT pg_advisory_unlock(hashtext('proof'))"


@contextmanager
def one_proof_at_a_time() -> Iterator[None]:
    """Proofs wait for each other, so that an old answer is never told after a newer one.

    A lock of the connection: a transaction's would be taken after its view of the database, and a
    killed process gives this one back too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK)
