"""How long donors wait while something else is done: for the page, for a gift to be booked."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

from django.db import connections

from fundraise.gifts import services as gifts
from fundraise.ops.bench.figures import middle
from fundraise.ops.bench.pending import Pending
from fundraise.ops.demo import party

PATH = f"/{party.SLUG}/"
BETWEEN = 0.02  # seconds between two donors
MOST = 20_000
WARM_UP = 10
LONGEST = 600.0
_fork = get_context("fork")
Wait = tuple[float, float]  # when, how long
Said = tuple[list[Wait], list[Wait]] | str


class TurnedAway(Exception):
    """A donor did not get the page, or could not give."""


@dataclass(slots=True)
class Waits:
    """When each donor came, and the seconds that she waited for the page and for the gift."""

    page: list[Wait] = field(default_factory=list)
    gift: list[Wait] = field(default_factory=list)

    def middles(self, begun: float, ended: float) -> tuple[float, float] | None:
        """Milliseconds, the median of each, of those who came within this time."""
        each = [
            [1000 * waited for at, waited in waits if begun <= at < ended]
            for waits in (self.page, self.gift)
        ]
        return (middle(each[0]), middle(each[1])) if all(each) else None


@contextmanager
def donors(port: int, pending: Pending, found: Waits) -> Iterator[None]:
    """Donors come one after the other while the block runs; `found` has their waits afterwards."""
    first = pending.block(MOST)
    connections.close_all()  # a connection can't be shared with the process that is forked
    stop, said = _fork.Event(), _fork.Queue()
    coming = _fork.Process(target=_come, args=(port, pending, first, stop, said))
    coming.start()
    try:
        _heard(said)  # the first have come
        yield
        stop.set()
        found.page, found.gift = _heard(said)
    finally:
        stop.set()
        coming.join()


def _heard(said: Queue[Said]) -> tuple[list[Wait], list[Wait]]:
    heard = said.get(timeout=LONGEST)
    if isinstance(heard, str):
        raise TurnedAway(heard)
    return heard


def _come(port: int, pending: Pending, first: int, stop: Event, said: Queue[Said]) -> None:
    try:
        said.put(_waits(port, pending, first, stop, said))
    except Exception as error:
        said.put(repr(error))
        raise


def _waits(
    port: int, pending: Pending, first: int, stop: Event, said: Queue[Said]
) -> tuple[list[Wait], list[Wait]]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    page, gift = list[Wait](), list[Wait]()
    for number in range(first, first + MOST):
        if stop.is_set():
            break
        begun = time.perf_counter()
        page.append((begun, _page(line)))
        begun = time.perf_counter()
        gifts.record_gift(number, pending.receipt(number))
        gift.append((begun, time.perf_counter() - begun))
        if number == first + WARM_UP:
            page, gift = [], []
            said.put(([], []))
        time.sleep(BETWEEN)
    line.close()
    connections.close_all()
    return page, gift


def _page(line: http.client.HTTPConnection) -> float:
    begun = time.perf_counter()
    line.request("GET", PATH)
    answer = line.getresponse()
    answer.read()
    if answer.status != 200:
        raise TurnedAway(f"the page was answered {answer.status}")
    return time.perf_counter() - begun
