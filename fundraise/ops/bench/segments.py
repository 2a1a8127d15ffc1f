"""Counting a segment exactly, and freezing who gets an appeal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from fundraise.campaigns.models import Campaign
from fundraise.ops.bench import asked, choosing
from fundraise.ops.bench.choosing import Choosing
from fundraise.ops.bench.figures import Figure, sized
from fundraise.ops.bench.house import House
from mailings.segments import audience, queries
from mailings.segments.audience import Options
from mailings.segments.ready import READY
from mailings.segments.tree import Node, parse

RUNS = 20
COUNT_SECONDS, FREEZE_SECONDS = 0.3, 2.0
FROZEN = 500_000  # people, at full size


def measure(house: House) -> Iterator[Figure]:
    """Seconds that 95 of 100 runs take at most."""
    del house
    made = choosing.made_ready(sized(choosing.DONORS), sized(choosing.GIFTS), sized(choosing.MAILS))
    bare = _slow(lambda: _ask("SELECT count(*) FROM segments_profile"))
    yield Figure("segments", "bare: every profile looked at", bare, "s", "", None)
    worst = []
    for name, node in _trees(made).items():
        seconds = _slow(lambda node=node: queries.count(node))  # type: ignore[misc]
        worst.append(seconds)
        yield _figure(f"count: {name}", seconds, COUNT_SECONDS)
    worst.sort()
    yield _figure("count: 95 of 100 trees", worst[int(0.95 * (len(worst) - 1))], COUNT_SECONDS)
    still = parse(_by_swish_not_received(made.sending_ref))
    yield Figure(
        "segments", "the same of an appeal that is still being sent",
        _slow(lambda: queries.count(still)), "s", "", None,
    )  # fmt: skip
    yield from _appeal(made)


def _appeal(made: Choosing) -> Iterator[Figure]:
    """What one appeal asks: both groups' numbers, and the frozen list."""
    everybody = parse({"is": "gave", "measure": "gifts", "at_least": 1})
    options = Options(personal=True)
    yield Figure(
        "segments", "both groups of an appeal, and who is left out",
        _slow(lambda: audience.reckoned(everybody, options, made.campaign)), "s", "", None,
    )  # fmt: skip
    people, seconds = _frozen(made.campaign)
    yield Figure("segments", "frozen in sending order", float(people), "people", "", None)
    yield _figure("frozen: seconds for 500 000", seconds * FROZEN / people, FREEZE_SECONDS)


def _frozen(campaign: Campaign) -> tuple[int, float]:
    """For how many an appeal to everybody is frozen, and in what time, as `_slow` has it."""
    taken, people = list[float](), 0
    for _ in range(RUNS):
        with transaction.atomic():
            appeal = asked.due_appeal(campaign)
            begun = time.perf_counter()
            people = asked.frozen(appeal).frozen
            taken.append(time.perf_counter() - begun)
            transaction.set_rollback(True)
    return people, _last_but_one(taken)


def _trees(made: Choosing) -> dict[str, Node]:
    """What is asked in a house: the ready-made ones, and what staff put together."""
    campaign = str(made.campaign.ref)
    year = {"last": 12, "unit": "months"}
    raw: dict[str, Any] = {
        "500 kr in twelve months": {
            "is": "gave", "measure": "sum", "at_least": 500_00, "during": year,
        },
        "three gifts in a period": {
            "is": "gave", "measure": "gifts", "at_least": 3,
            "during": {"from": "2024-03-15", "to": "2025-02-14"},
        },
        "nothing in two years, 1 000 kr before": {"all": [
            {"is": "gave", "measure": "sum", "at_least": 1000_00},
            {"is": "last_gift", "when": {"before": 24, "unit": "months"}},
        ]},
        "gave to a campaign, not mailed for 30 days": {"all": [
            {"is": "gave", "measure": "gifts", "at_least": 1, "campaigns": [campaign]},
            {"not": {"is": "mailed", "when": {"last": 30, "unit": "days"}}},
        ]},
        "200 kr by Swish, has not received an appeal": _by_swish_not_received(made.appeal_ref),
        "a place, in Swedish, with an address": {"all": [
            {"is": "postcode", "ranges": ["11", "120-139"]},
            {"is": "language", "one_of": ["sv"]}, {"is": "has_email"},
            {"is": "allowed", "purpose": "appeals"},
        ]},
        "a tenth of those who clicked": {"all": [
            {"is": "clicked", "when": {"last": 180, "unit": "days"}},
            {"is": "share", "percent": 10, "seed": "a"},
        ]},
        "groups to depth six": {"any": [{"all": [
            {"is": "allowed", "purpose": "appeals"},
            {"any": [{"is": "gave", "measure": "largest", "at_least": 1000_00}, {"all": [
                {"is": "gave", "measure": "sum", "at_least": 300_00, "during": year},
                {"any": [{"is": "language", "one_of": ["en"]}, {"all": [
                    {"not": {"is": "pledge", "states": ["active"]}},
                    {"is": "postcode", "ranges": ["2", "4"]},
                ]}]},
            ]}]},
        ]}]},
    }  # fmt: skip
    ready = {f"ready-made, {one.code}": parse(one.tree) for one in READY}
    return {**ready, **{name: parse(tree) for name, tree in raw.items()}}


def _by_swish_not_received(appeal_ref: str) -> dict[str, Any]:
    return {"all": [
        {"is": "gave", "measure": "sum", "at_least": 200_00, "channels": ["swish"]},
        {"not": {"is": "appeal", "ref": appeal_ref, "what": "received"}},
    ]}  # fmt: skip


def _figure(case: str, seconds: float, limit: float) -> Figure:
    against = f"{limit:g} s"
    return Figure("segments", case, seconds, "s", against, seconds / limit, at_most=1.0)


def _slow(work: Callable[[], object]) -> float:
    """What 95 of 100 runs take at most: the slowest but one of twenty, after one to warm up."""
    work()
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return _last_but_one(taken)


def _last_but_one(taken: list[float]) -> float:
    return sorted(taken)[int(0.95 * RUNS) - 1]


def _ask(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)
        cursor.fetchall()
