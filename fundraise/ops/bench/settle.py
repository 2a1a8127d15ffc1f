"""Booking gifts: the service alone, and from a webhook through Celery, against pgbench."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings

from fundraise.ledger import proving
from fundraise.ops.bench import booking, pending, pgbench, pipeline
from fundraise.ops.bench.figures import CEILING, Figure, middle, middle_ratio, rounds, sized
from fundraise.ops.bench.house import House
from fundraise.ops.bench.pending import Pending
from fundraise.ops.bench.pipeline import Pipeline
from fundraise.ops.bench.verify import BooksDiffer

Rate = Callable[[], float]

PEER = "pgbench, 8 connections"
ROUNDS = 3
PAST = 100_000  # gifts that were there before


def measure(house: House) -> Iterator[Figure]:
    """Gifts a second."""
    gifts = pending.made_ready(sized(PAST))
    script = pgbench.heard(gifts)
    seconds, number = min(10, sized(30)), min(2000, sized(3000, least=40))

    def ceiling() -> float:
        return pgbench.gifts_a_second(house, gifts, script, seconds, seconds * 1200)

    yield from _service(gifts, ceiling, seconds)
    with pipeline.running(house, gifts) as pipe:
        yield from _pipeline(pipe, ceiling, number)
    _prove()


def _service(gifts: Pending, ceiling: Rate, seconds: int) -> Iterator[Figure]:
    peer, alone, one, two = rounds(
        [
            ceiling,
            lambda: booking.gifts_a_second(gifts, pgbench.CLIENTS, seconds, seconds * 600),
            lambda: booking.gifts_a_second(gifts, 1, seconds, seconds * 1200),
            lambda: booking.gifts_a_second(gifts, 2, seconds, seconds * 1200),
        ],
        ROUNDS,
    )
    yield Figure("settle", "the same statements by pgbench", middle(peer), "1/s", CEILING, 1.0)
    yield _figure("booking service alone, 8 connections", alone, peer, PEER, 0.2)
    yield _figure("two booking processes", two, one, "one booking process", 1.6)


def _pipeline(pipe: Pipeline, ceiling: Rate, number: int) -> Iterator[Figure]:
    peer, whole, one, two = rounds(
        [
            ceiling,
            lambda: pipe.gifts_a_second(number, 2),
            lambda: pipe.booked_a_second(number, 1),
            lambda: pipe.booked_a_second(number, 2),
        ],
        ROUNDS,
    )
    yield _figure("webhook to booked, a worker of two processes", whole, peer, PEER, 0.08)
    yield _figure("two worker processes", two, one, "one worker process", 1.6)


def _figure(case: str, rates: list[float], peers: list[float], peer: str, least: float) -> Figure:
    ratio = middle_ratio(rates, peers)
    return Figure("settle", case, middle(rates), "1/s", peer, ratio, at_least=least)


def _prove() -> None:
    """Whoever booked, the books agree."""
    # The balance at Stripe is left out: nobody has kept a line of these gifts' money.
    verdict = proving.prove([path for path in settings.PROOFS if ".providers." not in path])
    if not verdict.ok:
        raise BooksDiffer([check.name for check in verdict.differing])
