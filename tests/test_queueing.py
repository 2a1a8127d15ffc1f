from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from tests import queueing, servers

pytestmark = pytest.mark.django_db(transaction=True)
LOCK = "SELECT pg_advisory_xact_lock(4711)"


def take() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
    connection.close()


def test_who_comes_later_is_seen_while_another_database_has_a_wait_of_its_own() -> None:
    with (
        servers.superuser() as holds,
        servers.superuser() as waits,
        ThreadPoolExecutor(2) as pool,
    ):
        holds.execute("SELECT pg_advisory_lock(4711)")
        elsewhere = pool.submit(waits.execute, LOCK)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK)
            assert queueing._waiting() == 0
            here = pool.submit(take)
            queueing.until_it_waits(here)
            assert queueing._waiting() == 1
        here.result()
        assert not elsewhere.done()
        holds.execute("SELECT pg_advisory_unlock_all()")
        elsewhere.result()


def test_who_need_not_wait_is_told_of() -> None:
    done: Future[Any] = Future()
    done.set_result("done at once")
    with pytest.raises(AssertionError, match="done at once"):
        queueing.until_it_waits(done)
