"""One change of roles at a time, one change of an account at a time, and each code once."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import connection

ROLES = 7_310_001

_TAKE_STEP = """
  INSERT INTO staff_lastcode AS l (user_id, step) VALUES (%s, %s)
  ON CONFLICT (user_id) DO UPDATE SET step = excluded.step WHERE l.step < excluded.step"""


def lock_roles() -> None:
    """Until the transaction ends, so that two can't end the last two administrators at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROLES])


def lock_user(user_id: int) -> User:
    """The account, held until the transaction ends."""
    return User.objects.select_for_update().get(pk=user_id)


def take_step(user_id: int, step: int) -> bool:
    """Use up the code of a step of time; False when it, or a later one, was used before."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_STEP, [user_id, step])
        return bool(cursor.rowcount == 1)
