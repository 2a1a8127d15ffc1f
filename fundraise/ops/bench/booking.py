"""The booking service alone: so many processes that call `record_gift` as fast as they can."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from django.db import connections

from fundraise.gifts import services as gifts
from fundraise.ops.bench.pending import Pending

WARM_UP = 3  # gifts before the clock starts: connection, plans, imports
START_IN = 1.0


def gifts_a_second(pending: Pending, processes: int, seconds: float, block: int) -> float:
    """How many gifts are booked a second by so many processes."""
    firsts = [pending.block(block) for _ in range(processes)]
    connections.close_all()  # a connection can't be shared with the processes that are forked
    start = time.perf_counter() + START_IN
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        work = [pool.submit(_book, pending, first, block, start, seconds) for first in firsts]
        booked = sum(future.result() for future in work)
    return booked / seconds


def _book(pending: Pending, first: int, block: int, start: float, seconds: float) -> int:
    for number in range(first, first + WARM_UP):
        gifts.record_gift(number, pending.receipt(number))
    time.sleep(max(0.0, start - time.perf_counter()))
    booked = 0
    for number in range(first + WARM_UP, first + block):
        if time.perf_counter() >= start + seconds:
            break
        gifts.record_gift(number, pending.receipt(number))
        booked += 1
    else:
        raise RuntimeError("the block of gifts was too small")
    connections.close_all()
    return booked
