"""Work on many rows where one that fails holds up no other.

    planned = each(ids, plan_one).whole()

A job that stops at its first bad row does nothing for those behind it, that day and every day
after. So each row has its own try (and its own transaction); who must not pass over a fault asks
for `whole()`, which raises when all the others are done, so that the job fails and rings.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError

from fundraise.logs import describe

log = structlog.get_logger(__name__)

Row = TypeVar("Row")
# The connection is gone or the time is up: no other row would fare better.
NOT_THE_ROWS = (InterfaceError, SoftTimeLimitExceeded)


class RowsFailed(Exception):
    """Some rows failed; the others are done."""

    def __init__(self, tried: Tried) -> None:
        super().__init__(f"{tried.failed} failed beside {tried.done} done: {tried.first}")
        self.done = tried.done


@dataclass(slots=True)
class Tried:
    """How many rows were done, how many failed, and the first fault without a value in it."""

    done: int = 0
    failed: int = 0
    first: str = ""

    def whole(self) -> int:
        """How many were done. Raises RowsFailed when one failed."""
        if self.failed:
            raise RowsFailed(self)
        return self.done


def each(
    rows: Iterable[Row], work: Callable[[Row], object], *, seconds: float | None = None
) -> Tried:
    """Work on rows, for so many seconds at most; False from `work` says that nothing was done."""
    stop_at = None if seconds is None else time.monotonic() + seconds
    tried = Tried()
    for row in rows:
        if stop_at is not None and time.monotonic() > stop_at:
            break
        try:
            tried.done += int(work(row) is not False)
        except NOT_THE_ROWS:
            raise
        except Exception as error:  # whatever it was, the row is tried again
            tried.failed += 1
            tried.first = tried.first or describe(error)
            log.warning("row_failed", row=str(row), error=describe(error))
    return tried
