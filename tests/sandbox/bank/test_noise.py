"""What else moves: gifts, own transfers, wages on their day; the same by the same seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from fundraise.sandbox.bank.accounts import DEMO
from fundraise.sandbox.bank.core import Bank, Day
from fundraise.sandbox.bank.givers import Giver, luhn, variant, wrong
from fundraise.sandbox.bank.knobs import NOISE, SHARES, Knobs, everything
from fundraise.sandbox.bank.moves import Move

GIFTS = {"giro_gift": 3.0, "swish_gift": 2.0, "transfer_gift": 1.0}
GIVERS = [Giver(f"g{n}", f"Anna Ek{n}", f"{n:05d}{luhn(f'{n:05d}')}", f"8{n:09d}",
                "+46701740605", "Gåva") for n in range(40)]  # fmt: skip


def year(**knobs: Any) -> list[Day]:
    bank = Bank(DEMO, Knobs(seed=3, **knobs))
    bank.givers = GIVERS
    return list(bank.run(date(2026, 1, 1), date(2026, 12, 31)))


def rows(days: list[Day]) -> Iterator[dict[str, Any]]:
    for day in days:
        yield from day.truth


def test_the_same_seed_gives_the_same_files_and_another_seed_others() -> None:
    def made(seed: int) -> list[tuple[str, bytes]]:
        noise = dict.fromkeys(NOISE, 1.0)
        bank = Bank(DEMO, Knobs(seed=seed, noise=noise, shares=everything()))
        days = bank.run(date(2026, 3, 2), date(2026, 3, 31))
        return [(file.name, file.data) for day in days for file in day.files]

    assert made(1) == made(1) != made(2)


def test_gifts_are_the_givers_own_and_faults_of_payments_are_marked() -> None:
    shares = {"payment.variant": 0.2, "payment.no_reference": 0.05,
              "payment.wrong_reference": 0.05, "payment.twin": 0.1}  # fmt: skip
    known = {giver.key: giver for giver in GIVERS}
    marks: Counter[str] = Counter()
    before: dict[str, Any] = {}
    for row in rows(year(noise=GIFTS, shares=shares)):
        giver = known[row["source"]]
        given = set(row["marks"])
        marks.update(given)
        assert row["amount_ore"] in giver.sums
        assert (row["name"] == giver.name) == ("variant" not in given)
        told = row["ocr"] or row["message"]
        assert (told == giver.ocr) == given.isdisjoint({"no_reference", "wrong_reference"})
        if "wrong_reference" in given:
            assert luhn(told[:-1]) != told[-1]
        if "twin" in given:
            assert {k: row[k] for k in ("amount_ore", "source", "day", "name")} == {
                k: before[k] for k in ("amount_ore", "source", "day", "name")
            }
            assert row["ref"] != before["ref"]
        before = row
    assert set(marks) == {"variant", "no_reference", "wrong_reference", "twin"}


def test_own_transfers_are_equal_and_opposite_and_may_take_a_day() -> None:
    sides: dict[str, list[dict[str, Any]]] = {}
    for row in rows(year(noise={"own_transfer": 1.0}, shares={"transfer.late": 0.3})):
        sides.setdefault(row["source"], []).append(row)
    whole = [pair for pair in sides.values() if len(pair) == 2]
    assert len(whole) > 200
    assert {pair[0]["amount_ore"] + pair[1]["amount_ore"] for pair in whole} == {0}
    assert {row["account"] for pair in whole for row in pair} == {one.number for one in DEMO[:2]}
    late = [pair for pair in whole if pair[0]["day"] != pair[1]["day"]]
    assert 0 < len(late) < len(whole) / 2
    assert all("late" in pair[1]["marks"] for pair in late)


def test_what_the_calendar_brings_comes_on_its_bank_day_and_to_shared_accounts_only() -> None:
    wanted = ("salary", "tax", "interest", "bank_fee", "public_support")
    found = list(rows(year(noise=dict.fromkeys(wanted, 1.0))))
    by_kind = {kind: [row for row in found if row["kind"] == kind] for kind in wanted}
    dedicated = DEMO[0].number
    for kind in ("salary", "tax", "public_support"):
        assert dedicated not in {row["account"] for row in by_kind[kind]}
    # 25 January, 25 April, 25 July and 25 October are days off.
    days = {row["day"] for row in by_kind["salary"]}
    assert {"2026-01-23", "2026-02-25", "2026-04-24", "2026-07-24", "2026-10-23"} <= days
    assert len(days) == 12
    assert {row["day"] for row in by_kind["interest"]} == {"2026-06-30", "2026-12-30"}
    assert {row["org"] for row in by_kind["public_support"]} == {"2120009994"}
    assert len({row["day"] for row in by_kind["public_support"]}) == 4
    assert {row["amount_ore"] for row in by_kind["bank_fee"]} == {-125_00}


def test_a_gift_is_paid_back_and_that_may_come_in_return() -> None:
    found = list(rows(year(noise=GIFTS | {"refund": 0.3}, shares={"refund.returned": 0.5})))
    sent = [row for row in found if row["kind"] == "refund_sent"]
    back = [row for row in found if row["kind"] == "refund_returned"]
    given = {(row["source"], row["amount_ore"]) for row in found if row["kind"] == "gift"}
    assert len(sent) > len(back) > 10
    assert {(row["source"], -row["amount_ore"]) for row in sent} <= given
    assert {(row["source"], row["amount_ore"]) for row in back} <= given
    assert {row["reason"] for row in back} == {"AC04"}


def test_a_name_is_still_the_same_letters_and_a_wrong_number_is_told_by_its_digit() -> None:
    dice = random.Random(1)
    assert {variant("Åsa Öhman", dice) for _ in range(60)} == {
        "ÅSA ÖHMAN", "ÖHMAN,ÅSA", "Å Öhman", "ASA OHMAN", "Öhman, Åsa", "Åsa  Öhman ",
    }  # fmt: skip
    assert luhn("1234567") == "4"
    for _ in range(200):
        found = wrong("12345674", dice)
        assert found != "12345674"
        assert luhn(found[:-1]) != found[-1]


@pytest.mark.parametrize(
    "given",
    [{"noise": {"rain": 1}}, {"noise": {"tax": -1}}, {"noise": []}, {"shares": {"file.cut": 1.1}},
     {"shares": {"file.lost": 0.1}}, {"shares": {"file.cut": True}}, {"late_days": -1},
     {"late_days": "2"}, {"partial_percent": 100}, {"weather": 1}],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_and_nothing_is_changed(given: dict[str, Any]) -> None:
    knobs = Knobs()
    with pytest.raises(ValueError, match=next(iter(given))):
        knobs.set(given)
    assert knobs == Knobs()


def test_every_share_and_every_noise_has_its_place() -> None:
    assert set(everything()) == set(SHARES)
    assert max(everything(1000).values()) == 1.0
    with pytest.raises(ValueError, match="name"):
        Bank(DEMO).dice.ask("file.eaten")
    with pytest.raises(ValueError, match="account"):
        Bank(DEMO).pay(Move("1", 1, "gift", "giro"))
    good: dict[str, Any] = {"account": "1", "amount_ore": 1, "kind": "gift", "channel": "giro"}
    for wrong_move in ({"amount_ore": 0}, {"kind": "bribe"}, {"channel": "post"}):
        with pytest.raises(ValueError, match=next(iter(wrong_move))):
            Move(**good | wrong_move)
