"""One change of roles at a time, so that two can't end the last two administrators at once."""

from __future__ import annotations

from django.db import connection

ROLES = 7_310_001


def lock_roles() -> None:
    """Until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROLES])
