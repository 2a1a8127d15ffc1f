"""Months of a movement's money through the stand-ins, the bank and the product, with every fault.

`make prove` plays 24 months, `make test` two weeks. On every morning the daily proof is run: what
differs is a planted fault's, to the öre, and nothing else. At the end every payment of the bank is
one item of the right kind and giver, nothing is in suspense, and every planted fault was named.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fundraise.gifts.models import Gift
from fundraise.ledger.queries import balance_ore
from fundraise.reconciliation.models import Item, Match, QueueItem
from fundraise.reconciliation.proof import running
from fundraise.sandbox.bank.knobs import SHARES
from tests import fresh, servers
from tests.giro import own_giro
from tests.proofs import differing
from tests.reconciliation.oracle import KINDS, OPEN, OTHERS, Oracle
from tests.reconciliation.years import LOCAL, MAIN, Rates, Years, drain

FULL = os.environ.get("SCALE") == "full"
DAYS = int(os.environ.get("BANK_DAYS", "500" if FULL else "11"))
SEED = int(os.environ.get("BANK_SEED", "20260102"))
# In one transaction all of it would be read by plans that know no statistics.
pytestmark = pytest.mark.django_db(transaction=True)
COUNTED = 25 if FULL else 4  # so many mornings between two looks at how many rows there are
# The treasurer switches on what she has confirmed for so many mornings (never in the small run).
SWITCHED_ON = 30
CALENDAR = {"salary": 1.0, "tax": 1.0, "interest": 1.0, "bank_fee": 1.0, "public_support": 1.0}
# Nothing but a person tells these for certain; in two weeks a few are more than a hundredth.
FORGOT = 0.002 if FULL else 0.001
WITHOUT_A_HAND = 0.99 if FULL else 0.98
RATES = Rates(
    donors=400 if FULL else 20, pledges=30 if FULL else 2, cards=4.0 if FULL else 2.0,
    swish=8.0 if FULL else 2.0,
    noise={"giro_gift": 60.0 if FULL else 12.0, "supplier": 0.3, **CALENDAR,
           "own_transfer": 0.05 if FULL else 0.0},
    shares={"payment.variant": 0.1, "payment.twin": 0.02, "payment.no_reference": FORGOT,
            "payment.wrong_reference": FORGOT},
    refunded=0.05, disputed=0.03, fees=1.0 if FULL else 0.0, lists_every=16 if FULL else 5,
)  # fmt: skip
# One of each, one after the other, over and over.
PLANTED = ("file.again", "refund.returned", "payout.split", "notice.late", "file.reissued",
           "file.cut", "payment.wrong_reference", "payout.partial", "file.missing",
           "payout.returned", "notice.absent", "file.balance", "payout.late", "file.details",
           "transfer.late", "payment.no_reference", "file.currency")  # fmt: skip
# These fall on the account whose files are CSV, every other time.
IN_CSV = ("file.balance", "file.missing", "file.again", "file.cut")


@pytest.fixture
def years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Years]:
    with own_giro(date(2026, 1, 2)) as house:
        yield Years(house, tmp_path, monkeypatch, settings, rates=RATES, seed=SEED)
        assert differing() == []


def play(
    years: Years, oracle: Oracle, planted: tuple[str, ...], days: int, *, after: int = 8
) -> None:
    """So many bank days with a planted fault on each, and all that is late after them."""

    def morning(_years: Years) -> None:
        oracle.morning(years)
        if oracle.mornings == SWITCHED_ON:
            oracle.switch_on("alias")
            oracle.switch_on("words", "membership")
        if oracle.mornings % COUNTED == 1:
            keep_statistics(oracle)

    years.each_morning = morning
    years.house.bank.set_knobs({"shares": {"refund.01": 0.05, "draw.1": 0.05, "retry.paid": 0.5}})
    for n in range(days):
        name = planted[n % len(planted)]
        account = "" if name.startswith("transfer") else MAIN.number
        if name in IN_CSV and n // len(planted) % 2:
            account = LOCAL.number
        years.bank.dice.ask(name, account)
        years.day()
    years.bank.dice.asked.clear()
    years.settle(after)
    years.each_morning = oracle.morning
    years.morning()
    oracle.morning(years)


def keep_statistics(oracle: Oracle) -> None:
    """As a database that lives does by itself; and a word for whoever waits for the run."""
    with servers.superuser(servers.DATABASE) as admin:
        admin.execute("VACUUM ANALYZE" if FULL else "ANALYZE")
    fresh.FRESH.pop(servers.DATABASE, None)  # what was counted goes with the database
    print(len(oracle.years.days), "bank days,", oracle.by_hand.total(), "by hand", flush=True)  # noqa: T201


@pytest.mark.long
def test_not_an_ore_is_unexplained_on_any_day_and_every_planted_fault_is_named(
    years: Years,
) -> None:
    assert set(PLANTED) | {"payment.variant", "payment.twin"} == set(SHARES)
    oracle = Oracle(years)
    play(years, oracle, PLANTED, DAYS)

    # Every fault was named, and nearly all was placed without a hand.
    assert oracle.unnamed() == []
    assert oracle.share_without_a_hand() >= WITHOUT_A_HAND
    nothing_is_left(years)
    every_payment_is_what_it_is(years, oracle)
    tell(years, oracle)


def nothing_is_left(years: Years) -> None:
    drain()
    run = running.run(by="system:proof")
    assert run.lines.get(letter="F").status == "ok"
    assert [line.name for line in run.lines.filter(status="differs")] == []
    assert Item.objects.filter(state__in=OPEN).count() == 0
    entity = years.house.entity.pk
    for role in ("suspense", "giro_clearing", "payout_in_transit", "own_transfer"):
        assert (role, balance_ore(entity, role)) == (role, 0)
    left = QueueItem.objects.filter(state="open").exclude(code="dispute")
    assert list(left.values_list("code", "subject")) == []


def every_payment_is_what_it_is(years: Years, oracle: Oracle) -> None:
    """One item for each, with its sum, kind and giver; two equal gifts of a day are two."""
    rows = Item.objects.filter(matches__state="stands").values(
        "account", "bank_ref", "booked_on", "amount_ore", "matches__kind", "matches__donor_id",
        "matches__gift__donor", "matches__gift_id", "matches__payout__provider_ref",
        "matches__refund__ref",
    )  # fmt: skip
    stands = {
        (
            oracle.number_of[item["account"]],
            item["bank_ref"] or f"{item['booked_on']} {item['amount_ore']}",
        ): item
        for item in rows
    }
    seen = Counter[str]()
    for key, row in oracle.rows.items():
        item = stands.pop(key)
        assert item["amount_ore"] == row["amount_ore"], row
        _is_right(dict(item), row)
        seen[row["kind"]] += 1
    assert stands == {}
    gifts = [row for row in oracle.rows.values() if row["kind"] == "gift"]
    of_bank = Gift.objects.filter(channel__in=["bank", "swish_number"], state="received")
    assert sum(of_bank.values_list("amount_ore", flat=True)) == sum(g["amount_ore"] for g in gifts)
    assert of_bank.count() == len(gifts)
    assert {"gift", "payout", "autogiro", "payout_return", "refund_sent"} <= set(seen)


def _is_right(item: dict[str, Any], row: dict[str, Any]) -> None:
    kind = row["kind"]
    if kind in OTHERS:
        assert item["matches__kind"] == "other_books", row
    elif kind in ("payout", "payout_return"):
        assert item["matches__payout__provider_ref"] == row["source"], row
    elif kind.startswith("refund_"):
        assert item["matches__kind"] == KINDS[kind], row
        assert item["matches__refund__ref"].hex == row["source"], row
    elif kind == "autogiro":
        assert item["matches__kind"] == "autogiro", row
    elif kind != "gift":
        assert item["matches__kind"] == KINDS[kind], row
    elif row["source"].startswith("gift:"):
        assert item["matches__gift_id"] == int(row["source"][5:]), row
    else:
        assert item["matches__gift__donor"] == int(row["source"]), row


def tell(years: Years, oracle: Oracle) -> None:
    """What happened, for `make prove` to print."""
    rules = Match.objects.filter(state="stands").values_list("rule__rule__key", flat=True)
    print(len(years.days), "bank days,", oracle.ours(), "payments of ours,")  # noqa: T201
    print(f"{oracle.share_without_a_hand():.2%} without a hand;", dict(oracle.by_hand))  # noqa: T201
    print("by rule", dict(Counter(rules)))  # noqa: T201
    print(len(oracle.named), "faults named;", dict(oracle.explained))  # noqa: T201


def test_two_equal_gifts_of_one_day_are_two(years: Years) -> None:
    oracle = Oracle(years)
    years.rates = replace(years.rates, cards=0, swish=0)
    years.bank.knobs.set({"noise": dict.fromkeys(years.bank.knobs.noise, 0.0) | {"giro_gift": 1.0}})
    play(years, oracle, ("payment.twin",), 2, after=1)
    assert Gift.objects.filter(channel="bank").count() == 4
    assert oracle.by_hand.total() == 0
