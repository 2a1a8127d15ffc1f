"""verify_books over a seeded house and over old books, whole and since a checkpoint.

Each is held against reading the same tables from end to end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from django.db import connection

from fundraise.campaigns.models import Campaign
from fundraise.gifts import services as gifts
from fundraise.ledger import proving
from fundraise.ops.bench import old_books
from fundraise.ops.bench.figures import CEILING, Figure, middle, middle_ratio, rounds, sized
from fundraise.ops.bench.house import House
from fundraise.ops.bench.pending import Pending
from fundraise.ops.seed.services import Plan, seed

JOURNALS = 1_000_000
JOURNALS_PER_GIFT = 1.905
GIFTS_PER_DONOR = 40
LONGEST_SECONDS = 60.0
ENTRIES = 20_000_000
YEARS = 2
LONGEST_OF_ENTRIES = 300.0
LONGEST_OF_A_DAY = 10.0
GIFTS_OF_A_DAY = 1000
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
    """How fast a house is seeded, and how long it takes to prove it, grown old too."""
    gifts_made = int(sized(JOURNALS) / JOURNALS_PER_GIFT) + 1
    begun = time.perf_counter()
    plan = Plan(donors=gifts_made // GIFTS_PER_DONOR, gifts=gifts_made, seed=1, add=True)
    totals = seed(plan)
    took = time.perf_counter() - begun
    yield Figure("verify_books", "seed", gifts_made / took, "gifts/s", "", None)
    proved, read = rounds([_prove, _read], ROUNDS)
    seconds, ratio = middle(proved), middle_ratio(proved, read)
    yield Figure("verify_books", f"{totals.journals} journals", seconds, "s", CEILING, ratio)
    million = seconds * JOURNALS / totals.journals
    allowed = million / LONGEST_SECONDS
    yield Figure("verify_books", "a million", million, "s", "60 s", allowed, at_most=1.0)
    yield from _grown_old(sized(ENTRIES) - totals.entries)


def _grown_old(more: int) -> Iterator[Figure]:
    """The same house with the entries of some years upon it, and then a day more."""
    old_books.fill(more, old_books.years(YEARS))
    entries = _entries()
    proved, read = rounds([_prove, _read], 1)
    seconds, ratio = middle(proved), middle_ratio(proved, read)
    yield Figure("verify_books", f"{entries} entries", seconds, "s", CEILING, ratio)
    all_of_it = seconds * ENTRIES / entries
    yield Figure("verify_books", "20 million entries", all_of_it, "s", "300 s",
                 all_of_it / LONGEST_OF_ENTRIES, at_most=1.0)  # fmt: skip
    proving.prove_and_keep()
    _a_day_passes(entries // (YEARS * 365))
    days = rounds([_prove_the_day], ROUNDS)[0]
    yield Figure("verify_books", f"a day of {entries} entries", middle(days), "s", "the whole",
                 middle(days) / seconds)  # fmt: skip
    yield Figure("verify_books", "a day", middle(days), "s", "10 s",
                 middle(days) / LONGEST_OF_A_DAY, at_most=1.0)  # fmt: skip


def _a_day_passes(entries: int) -> None:
    old_books.one_more_day(entries)
    pending = Pending(Campaign.objects.latest("pk"))
    number = sized(GIFTS_OF_A_DAY)
    first = pending.block(number)
    for gift in range(first, first + number):
        gifts.record_gift(gift, pending.receipt(gift))


def _prove() -> float:
    return _timed(proving.prove)


def _prove_the_day() -> float:
    return _timed(proving.prove_since)


def _timed(prove: Callable[[], proving.Verdict]) -> float:
    begun = time.perf_counter()
    verdict = prove()
    took = time.perf_counter() - begun
    if not verdict.ok:
        raise BooksDiffer([check.name for check in verdict.differing])
    return took


def _entries() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry")
        return int(cursor.fetchone()[0])


def _read() -> float:
    """Every row of every table, as bare as SQL can."""
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for table in READ:
            cursor.execute(f"SELECT count(*), count(t.*) FROM {table} t")  # noqa: S608
    return time.perf_counter() - begun
