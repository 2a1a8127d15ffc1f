"""verify_books over a seeded house, against reading the same tables from end to end."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connection

from fundraise.ledger import proving
from fundraise.ops.bench.figures import CEILING, Figure, middle, middle_ratio, rounds, sized
from fundraise.ops.bench.house import House
from fundraise.ops.seed.services import Plan, seed

JOURNALS = 1_000_000
JOURNALS_PER_GIFT = 1.905
GIFTS_PER_DONOR = 40
LONGEST_SECONDS = 60.0
ROUNDS = 3
READ = [
    "ledger_journal",
    "ledger_entry",
    "gifts_gift",
    "gifts_gifttransition",
    "gifts_refund",
    "gifts_dispute",
    "campaigns_giver",
    "campaigns_daytotal",
    "providers_balanceline",
    "providers_payout",
]


class BooksDiffer(Exception):
    """The seeded books do not agree: the figure would mean nothing."""


def measure(_house: House) -> Iterator[Figure]:
    """How fast a house is seeded, and how long it takes to prove it."""
    gifts = int(sized(JOURNALS) / JOURNALS_PER_GIFT) + 1
    begun = time.perf_counter()
    totals = seed(Plan(donors=gifts // GIFTS_PER_DONOR, gifts=gifts, seed=1, add=True))
    took = time.perf_counter() - begun
    yield Figure("verify_books", "seed", gifts / took, "gifts/s", "", None)
    proving, reading = rounds([_prove, _read], ROUNDS)
    seconds, ratio = middle(proving), middle_ratio(proving, reading)
    yield Figure("verify_books", f"{totals.journals} journals", seconds, "s", CEILING, ratio)
    million = seconds * JOURNALS / totals.journals
    allowed = million / LONGEST_SECONDS
    yield Figure("verify_books", "a million", million, "s", "60 s", allowed, at_most=1.0)


def _prove() -> float:
    begun = time.perf_counter()
    verdict = proving.prove()
    took = time.perf_counter() - begun
    if not verdict.ok:
        raise BooksDiffer([check.name for check in verdict.differing])
    return took


def _read() -> float:
    """Every row of every table, as bare as SQL can."""
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for table in READ:
            cursor.execute(f"SELECT count(*), count(t.*) FROM {table} t")  # noqa: S608
    return time.perf_counter() - begun
