"""Preparing and sending one appeal by so many processes, as fast as they can."""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from django.db import connections

from fundraise import priority
from mailings.appeals.models import Appeal, Batch
from mailings.appeals.services import preparing, sending, waves

START_IN = 1.0
NICE = 10  # as the worker of appeals is: what the runner and its unit give it
TICKS = os.sysconf("SC_CLK_TCK")
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True, slots=True)
class Carried:
    """Seconds from begin to end and the begin itself, the most megabytes that one process held, and
    the processor time of all of them and of the server's processes that worked for them."""

    begun: float
    seconds: float
    megabytes: float
    processor: float


class NotCarried(Exception):
    """The appeal is not where it should be: the figure would mean nothing."""


def prepare(appeal: Appeal, processes: int) -> Carried:
    """From the frozen list to all batches."""
    done = _together(partial(_prepare, appeal.pk), processes)
    preparing.prepared(appeal.pk)
    appeal.refresh_from_db()
    if appeal.state != Appeal.State.SENDING:
        raise NotCarried(f"the appeal is {appeal.state}")
    return done


def send(appeal: Appeal, processes: int) -> Carried:
    """From release to the last batch taken."""
    if not waves.release_next(appeal.pk):
        raise NotCarried("no wave was let go")
    return _together(partial(_send, appeal.pk), processes)


def for_a_while(appeal: Appeal, processes: int, seconds: float) -> Carried | None:
    """What comes next for so long; None when nothing is left. It may be prepared or sent."""
    appeal.refresh_from_db()
    if appeal.state == Appeal.State.PREPARING and not preparing.prepared(appeal.pk):
        return _together(partial(_prepare, appeal.pk, seconds), processes)
    waves.release_next(appeal.pk)
    if not Batch.objects.filter(appeal=appeal, state=Batch.State.READY).exists():
        return None
    return _together(partial(_send, appeal.pk, seconds), processes)


def _prepare(appeal_id: int, seconds: float = math.inf) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until and preparing.prepare_next(appeal_id):
        pass


def _send(appeal_id: int, seconds: float = math.inf) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until and sending.send_next(appeal_id):
        pass


def _together(work: Callable[[], None], processes: int) -> Carried:
    connections.close_all()  # a connection can't be shared with the processes that are forked
    start = time.perf_counter() + START_IN
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        ends = [pool.submit(_one, work, start) for _ in range(processes)]
        found = [end.result() for end in ends]
    return Carried(
        start,
        max(end for end, _peak, _took in found) - start,
        max(peak for _end, peak, _took in found),
        sum(took for _end, _peak, took in found),
    )


def _one(work: Callable[[], None], start: float) -> tuple[float, float, float]:
    os.setsid()  # as each worker of the service leads a session
    priority.lower(os.getpid(), NICE)
    connections["default"].ensure_connection()
    time.sleep(max(0.0, start - time.perf_counter()))
    before = processor_seconds()
    work()
    end, took = time.perf_counter(), processor_seconds() - before
    connections.close_all()
    found = PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    return end, int(found[1]) / 1024 if found else 0.0, took


def processor_seconds() -> float:
    """Of this process, and of the server's process that its connection talks to."""
    server: int = connections["default"].connection.info.backend_pid
    words = Path(f"/proc/{server}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return time.process_time() + (int(words[11]) + int(words[12])) / TICKS
