"""Payment orders: what is rejected, and when the rest falls due."""

from __future__ import annotations

from datetime import date

import pytest

from fundraise.sandbox.bankgirot.knobs import SHARES
from tests.sandbox.bankgirot.conftest import MakeTown, Town, rows_of, statuses
from tests.sandbox.bankgirot.orders import new_mandate, payment

# The first day after the mandates of `approved`: 11 March 2027, a Thursday.
REJECTED = {
    "no mandate": (payment(2, "20270315"), "01"),
    "no payer number": (payment(0, "20270315"), "01"),
    "another period": (payment(1, "20270315", period="9"), "06"),
    "at once and monthly": (payment(1, "GENAST", period="1"), "06"),
    "single with occasions": (payment(1, "20270315", left="002"), "07"),
    "no occasion": (payment(1, "20270315", period="1", left="000"), "07"),
    "letters in the sum": (payment(1, "20270315", "2000X"), "08"),
    "a sum of nothing": (payment(1, "20270315", 0), "08"),
    "money out": (payment(1, "20270315", code="32"), "09"),
    "an unknown bankgiro": (payment(1, "20270315", bankgiro="0009912345"), "10"),
    "another bankgiro": (payment(1, "20270315", bankgiro="0050501055"), "15"),
    "no date": (payment(1, "20270230"), "12"),
    "too far ahead": (payment(1, "20300101"), "12"),
    "too long past": (payment(1, "20270303"), "13"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_a_wrong_order_is_rejected_with_its_code(town: Town, name: str) -> None:
    town.approved(1)
    order, code = REJECTED[name]
    town.send(order)
    (line,) = rows_of(town.run(), "rejected")
    assert line[58:60] == code
    assert line[:14] == order[:14]
    assert line[14:58] == order[15:43] + order[53:69]
    assert town.bank.waiting("9912346") == []
    assert town.run(5) == []


@pytest.mark.parametrize(
    ("ordered", "drawn"),
    [("20270315", "20270315"), ("20270313", "20270315"), ("20270326", "20270330"),
     ("20270311", "20270312"), ("20270304", "20270312"), ("GENAST", "20270312"),
     ("20291231", "20300102")],
)  # fmt: skip
def test_a_date_that_is_no_bank_day_or_past_is_the_next(
    town: Town, ordered: str, drawn: str
) -> None:
    town.approved(1)
    town.send(payment(1, ordered))
    town.run()
    (waiting,) = town.bank.waiting("9912346")
    assert f"{waiting.due:%Y%m%d}" == drawn


def test_a_draw_waits_for_six_bank_days_after_the_mandate(town: Town) -> None:
    town.send(new_mandate(1))
    town.run(2)
    town.send(payment(1, "20270308", reference="EARLY"), payment(1, "20270309", reference="TIME"))
    reports = town.run(6)
    (early,) = rows_of(reports, "rejected")
    assert (early[58:60], early[42:58].strip()) == ("02", "EARLY")
    assert statuses(reports) == [("1", "0")]


def test_an_order_before_the_yes_is_rejected_or_taken_as_set(make_town: MakeTown) -> None:
    for takes, codes in ((False, ["02"]), (True, [])):
        town = make_town(takes_early_orders=takes, answer_days=[3])
        town.send(new_mandate(1))
        town.run()
        town.send(payment(1, "20270310"))
        found = [row[58:60] for row in rows_of(town.run(), "rejected")]
        assert found == codes


def test_the_most_for_a_payer_and_day_is_kept(make_town: MakeTown) -> None:
    town = make_town({"maximum_ore": 50_000})
    town.approved(1)
    first, second = payment(1, "20270315", 30_000), payment(1, "20270315", 20_001)
    town.send(first, second, payment(1, "20270316", 50_000))
    assert [row[58:60] for row in rows_of(town.run(), "rejected")] == ["24"]
    assert [p.amount for p in town.bank.waiting("9912346")] == [30_000, 50_000]


def test_money_goes_out_where_that_is_agreed(make_town: MakeTown) -> None:
    town = make_town({"outgoing": True})
    town.approved(1)
    town.send(payment(1, "20270312", code="32"))
    lines = rows_of(town.run(2), "specification")
    assert [line[:2] for line in lines] == ["16", "32"]
    assert [(d.kind, d.amount) for d in town.bank.deposits] == [("16", 20_000)]


@pytest.mark.parametrize(
    ("period", "ordered", "days"),
    [
        # 31 January 2027 is a Sunday: the next bank day; in February the 28th, a Sunday too.
        ("1", "20270131", ["20270201", "20270301", "20270331", "20270430"]),
        ("2", "20270115", ["20270115", "20270415", "20270715", "20271015"]),
        ("5", "20270110", ["20270129", "20270226", "20270331", "20270430"]),
        ("8", "20270131", ["20270129", "20280131", "20290131", "20300131"]),
    ],
)
def test_a_recurring_order_keeps_its_day(
    make_town: MakeTown, period: str, ordered: str, days: list[str]
) -> None:
    town = make_town()
    town.today = date(2026, 12, 28)
    town.approved(1)
    town.send(payment(1, ordered, period=period, left="004"))
    town.run()
    found = []
    for _ in days:
        (waiting,) = town.bank.waiting("9912346")
        found.append(f"{waiting.due:%Y%m%d}")
        town.today = waiting.due
        town.run()
    assert found == days
    assert town.bank.waiting("9912346") == []


def test_occasions_are_counted_down_with_this_one(town: Town) -> None:
    town.approved(1)
    town.send(payment(1, "20270312", period="1", left="002"), payment(1, "20270312", period="1"))
    lines = rows_of(town.run(30), "specification")
    shown = [line[10:14] for line in lines if line[:2] == "82"]
    assert shown == ["1002", "1   ", "1001", "1   "]


@pytest.mark.parametrize("share", [name for name in SHARES if name.startswith("payment.")])
def test_every_code_can_be_forced(make_town: MakeTown, share: str) -> None:
    town = make_town({"outgoing": True}, shares={share: 1.0})
    town.approved(1)
    town.send(payment(1, "20270315", code="32"))
    assert [row[58:60] for row in rows_of(town.run(), "rejected")] == [share[-2:]]
    states = town.bank.mandates("9912346")
    assert states == {"1": "cancelled" if share == "payment.01" else "approved"}
