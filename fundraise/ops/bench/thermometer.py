"""What 20 000 pages on other sites ask of us, against a view that says ok."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psutil

from fundraise import clock
from fundraise.ops.bench import hammer
from fundraise.ops.bench.figures import CEILING, Figure, middle, middle_ratio, rounds, scale
from fundraise.ops.bench.hammer import Asking
from fundraise.ops.bench.house import House, free_port, wait_for
from fundraise.ops.bench.page import LONGEST, OK, ROUNDS, SETTINGS, SHORTEST
from fundraise.ops.demo import party
from fundraise.ops.seed.services import Plan, seed

PATH = f"/{party.SLUG}/thermometer.json"
WATCHERS, PERIOD_SECONDS = 20_000, 30
ASKED = WATCHERS / PERIOD_SECONDS
MICRO = 1_000_000


def measure(house: House) -> Iterator[Figure]:
    """Answers per second on open and on new connections, and the processor time of one."""
    entity = party.ensure_party()
    party.ensure_campaign(entity, clock.today())
    seed(Plan(donors=20, gifts=200, seed=1, add=True))
    port, seconds = free_port(), min(LONGEST, max(SHORTEST, 15 * scale()))
    askings = [
        Asking(port, path, remembers=path == PATH, reconnects=new)
        for new in (False, True)
        for path in (OK, PATH)
    ]
    with house.running("web", house.web(port), DJANGO_SETTINGS_MODULE=SETTINGS) as web:
        wait_for(f"http://127.0.0.1:{port}{OK}")
        for asking in askings:
            hammer.per_second(asking, 0.5)  # every process has its plans
        spent: list[list[float]] = [[] for _ in askings]
        found = rounds(
            [_asking(web, *each, seconds) for each in zip(askings, spent, strict=True)], ROUNDS
        )
    yield from _figures(found, spent)


def _asking(web: int, asking: Asking, spent: list[float], seconds: float) -> Callable[[], float]:
    """Answers per second; what each took of the processor is added to `spent`."""

    def once() -> float:
        before = _processor_seconds(web)
        rate = hammer.per_second(asking, seconds)
        spent.append((_processor_seconds(web) - before) / (rate * seconds))
        return rate

    return once


def _processor_seconds(web: int) -> float:
    """Of gunicorn and its workers so far."""
    process = psutil.Process(web)
    times = [one.cpu_times() for one in [process, *process.children(recursive=True)]]
    return sum(one.user + one.system for one in times)


def _figures(found: list[list[float]], spent: list[list[float]]) -> Iterator[Figure]:
    ok, polls, new_ok, new_polls = found
    yield Figure("thermometer", "a view that says ok", middle(ok), "/s", CEILING, 1.0)
    yield Figure(
        "thermometer", "polls", middle(polls), "/s", CEILING, middle_ratio(polls, ok), at_least=1.0
    )
    yield Figure(
        "thermometer", "processor time of a poll", middle(spent[1]) * MICRO, "µs", CEILING,
        middle_ratio(spent[1], spent[0]), at_most=1.0,
    )  # fmt: skip
    yield Figure(
        "thermometer", "polls, each on a new connection", middle(new_polls), "/s", CEILING,
        middle_ratio(new_polls, new_ok), at_least=1.0,
    )  # fmt: skip
    yield Figure(
        "thermometer", "20 000 watchers on new connections", middle(new_polls), "/s",
        f"the {ASKED:.0f} that they ask", middle(new_polls) / ASKED, at_least=1.0,
    )  # fmt: skip
