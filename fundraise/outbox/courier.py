"""Hand work to the broker without ever holding up who asks for it.

The broker may be down or, worse, silent: left to its own time-outs and retries one publish took six
to ten seconds then. So it happens in a thread of its own, and the caller waits a moment at most;
after a failure nothing is tried for some seconds. Whatever was not queued, a sweeper finds.
"""

from __future__ import annotations

import contextvars
import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import structlog
from celery import Task

from fundraise.celery import app
from fundraise.logs import describe

log = structlog.get_logger(__name__)

LONGEST_WAIT = 1.5
PAUSE_SECONDS = 10.0


class _Broker:
    away_until = float("-inf")
    stuck: Future[None] | None = None
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="courier")


def forget() -> None:
    """Start anew: try the broker again at once, in a new thread."""
    # A forked child needs this too: it inherits the object but not its thread.
    _Broker.away_until = float("-inf")
    _Broker.stuck = None
    _Broker.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="courier")


os.register_at_fork(after_in_child=forget)


def send(task: Task[Any, Any], *args: object) -> bool:
    """Queue a task; False when the broker is away and the work is left to the task's sweeper."""
    if time.monotonic() < _Broker.away_until:
        return False
    context = contextvars.copy_context()  # the request's id travels with the task
    try:
        _in_time(lambda: context.run(_publish, task, args))
    except Exception as error:
        _Broker.away_until = time.monotonic() + PAUSE_SECONDS
        log.warning("broker_away", task=task.name, error=describe(error))
        return False
    return True


def ask_broker() -> None:
    """Raise unless the broker answers in time."""
    _in_time(_connect)


def _in_time(work: Callable[[], None]) -> None:
    if _Broker.stuck is not None and not _Broker.stuck.done():
        raise TimeoutError("the broker has not answered the last call yet")
    future = _Broker.thread.submit(work)
    try:
        future.result(LONGEST_WAIT)
    except TimeoutError:
        _Broker.stuck = future
        raise


def _publish(task: Task[Any, Any], args: tuple[object, ...]) -> None:
    task.apply_async(args=args, retry=False)


def _connect() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=1)
