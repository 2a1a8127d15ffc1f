"""Do something in a process of its own, and see how long it took and how much memory it wanted."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from django.db import connections

PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
MEGABYTE = 1 << 20
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Done:
    """Seconds from begin to end, and the most memory (megabytes) that was held at once."""

    seconds: float
    megabytes: float


def alone(work: Callable[[], object]) -> Done:
    """Do it in a forked process: what this one holds already is counted too."""
    return answer_of(_do, work)


def answer_of(work: Callable[..., Answer], *args: object) -> Answer:
    """Do it in a forked process whose memory goes with it; only the answer comes back."""
    connections.close_all()  # a connection can't be shared
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(work, *args).result()


def _do(work: Callable[[], object]) -> Done:
    connections["default"].ensure_connection()
    begun = time.perf_counter()
    work()
    took = time.perf_counter() - begun
    connections.close_all()
    found = PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    return Done(took, int(found[1]) * 1024 / MEGABYTE if found else 0.0)
