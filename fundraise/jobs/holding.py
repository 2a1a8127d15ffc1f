"""Work that can't step, because its view of the database is read-only: a thread renews its lease.

It ends with the process, so that a worker that dies is seen two minutes later as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog
from django.db import DatabaseError, connection

from fundraise.jobs.work import Pace
from fundraise.logs import describe

log = structlog.get_logger(__name__)

EVERY = 30.0  # seconds; a lease holds for four


@contextmanager
def held(pace: Pace) -> Iterator[None]:
    """Hold the lease until the block is left."""
    left = Event()
    thread = Thread(target=_renew, args=(pace, left), name="work-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        left.set()
        thread.join()


def _renew(pace: Pace, left: Event) -> None:
    try:
        while not left.wait(EVERY):
            try:
                pace.renew()
            except DatabaseError as error:
                log.warning("lease_not_renewed", error=describe(error))
                connection.close()
    finally:
        connection.close()
