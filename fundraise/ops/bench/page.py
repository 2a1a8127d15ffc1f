"""The public pages over HTTP on gunicorn, against a view that says ok."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fundraise import clock
from fundraise.ops.bench import hammer
from fundraise.ops.bench.figures import CEILING, Figure, middle, middle_ratio, rounds, scale
from fundraise.ops.bench.house import House, free_port, wait_for
from fundraise.ops.demo import party
from fundraise.ops.seed.services import Plan, seed

SETTINGS = "fundraise.ops.bench.settings"
PAGES = {
    "donation page": (f"/{party.SLUG}/", 4.0),
    "thermometer JSON": (f"/{party.SLUG}/thermometer.json", 1.5),
}
OK = "/bench/ok"
ROUNDS = 5
SHORTEST, LONGEST = 0.2, 4.0  # seconds of asking one address


def measure(house: House) -> Iterator[Figure]:
    """A figure for each page: milliseconds, and how many times the view that says ok."""
    entity = party.ensure_party()
    party.ensure_accounts(entity)
    party.ensure_campaign(entity, clock.today())
    seed(Plan(donors=20, gifts=200, seed=1, add=True))
    port, seconds = free_port(), min(LONGEST, max(SHORTEST, 15 * scale()))
    with house.running("web", house.web(port), DJANGO_SETTINGS_MODULE=SETTINGS):
        wait_for(f"http://127.0.0.1:{port}{OK}")
        paths = [OK, *(path for path, _most in PAGES.values())]
        for path in paths:
            hammer.milliseconds(port, path, 0.5)  # every process has its templates and plans
        found = rounds([_asking(port, path, seconds) for path in paths], ROUNDS)
    yield Figure("page", "a view that says ok", middle(found[0]), "ms", CEILING, 1.0)
    for (case, (_path, most)), times in zip(PAGES.items(), found[1:], strict=True):
        ratio = middle_ratio(times, found[0])
        yield Figure("page", case, middle(times), "ms", CEILING, ratio, at_most=most)


def _asking(port: int, path: str, seconds: float) -> Callable[[], float]:
    return lambda: hammer.milliseconds(port, path, seconds)
