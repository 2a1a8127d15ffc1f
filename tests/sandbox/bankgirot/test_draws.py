"""Draws: statuses, renewed funds checks, refunds, and what reached the account."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.sandbox.bankgirot.conftest import MakeTown, Town, pairs, rows_of, statuses, text_of
from tests.sandbox.bankgirot.orders import cancel_mandate, payment


def test_the_specification_is_as_the_format_says_to_the_last_position(town: Town) -> None:
    town.approved(2, 1)
    town.bank.next_draw("9912346", "2", "2")
    town.send(payment(2, "20270312", 15_000, "B"), payment(1, "20270312", 20_000, "ÅRSKORT-1"))
    (report,) = town.run(2)
    assert report.name == "BFEP.UAGAG.K0471117.D270312.T200000"
    account = "8901003232323232"
    assert text_of(report) == [
        f"01AUTOGIRO{'':14}20270312200000000000BET. SPEC & STOPP TK4711170009912346",
        f"15{'0' * 19}{account}2027031200001{'0' * 13}20000{'':3}00000001 ",
        f"82202703120    {1:016d}0000000200000009912346ÅRSKORT-1{'':7}{'':10}0",
        f"82202703120    {2:016d}0000000150000009912346B{'':15}{'':10}2",
        f"09202703129900000001{1:012d}000000{0:012d}000000{0:012d}{'':12}",
    ]
    assert [(d.serial, d.amount, d.count) for d in town.bank.deposits] == [(1, 20_000, 1)]
    assert [(e.payer, e.amount, e.reference.strip()) for e in town.bank.draws] == [
        (f"{1:016d}", 20_000, "ÅRSKORT-1")
    ]


def test_when_nothing_was_executed_there_is_no_serial_number(town: Town) -> None:
    town.approved(1)
    town.bank.next_draw("9912346", "1", "4")
    town.send(payment(1, "20270312"))
    first, _ = rows_of(town.run(2), "specification")
    assert (first[45:50], first[50:68], first[71:79]) == ("00000", "0" * 18, "0" * 8)
    assert town.bank.deposits == []


@pytest.mark.parametrize("tries", [0, 1, 3])
def test_too_little_money_is_asked_for_again_as_agreed(make_town: MakeTown, tries: int) -> None:
    town = make_town({"retries": tries}, shares={"draw.1": 1.0})
    town.approved(1)
    town.send(payment(1, "20270312"))
    town.run()
    found = [statuses(town.run()) for _ in range(5)]
    told = [*([("1", "9")] for _ in range(tries)), [("1", "1")]]
    assert found == [*told, *([] for _ in range(4 - tries))]
    assert town.bank.draws == []


def test_a_renewed_check_may_find_the_money_once(make_town: MakeTown) -> None:
    for keeps, shown in ((True, "20270312"), (False, "20270315")):
        town = make_town(shares={"retry.paid": 1.0}, retry_keeps_date=keeps)
        town.approved(1)
        town.bank.next_draw("9912346", "1", "1")
        town.send(payment(1, "20270312"))
        lines = rows_of(town.run(8), "specification")
        drawn = [(line[2:10], line[79]) for line in lines if line[:2] == "82"]
        assert drawn == [("20270312", "9"), (shown, "0")]
        assert [(d.day.day, d.amount) for d in town.bank.deposits] == [(15, 20_000)]


def test_ending_the_mandate_between_tries_ends_the_tries(town: Town) -> None:
    town.approved(1)
    town.bank.next_draw("9912346", "1", "1")
    town.send(payment(1, "20270312"))
    town.run(2)
    town.bank.payer_cancels("9912346", "1")
    reports = town.run(4)
    assert pairs(reports) == [("1", "4602")]
    assert [(row[:2], row[72:74]) for row in rows_of(reports, "changes")] == [("03", "12")]
    assert statuses(reports) == []


def test_a_closed_account_stays_closed_until_the_bank_ends_it(make_town: MakeTown) -> None:
    town = make_town()
    town.approved(1)
    town.bank.next_draw("9912346", "1", "2")
    town.send(payment(1, "20270312"), payment(1, "20270315"))
    assert statuses(town.run(3)) == [("1", "2"), ("1", "2")]
    town.bank.set_knobs({"shares": {"account.46": 1.0}})
    assert pairs(town.run()) == [("1", "4602")]


def test_a_payer_stops_what_waits_and_it_is_not_drawn(town: Town) -> None:
    town.approved(1)
    town.send(payment(1, "20270315", reference="ONE"), payment(1, "20270315", reference="TWO"))
    town.run()
    town.bank.stop_payment("9912346", "1", "ONE")
    reports = town.run(2)
    (row,) = rows_of(reports, "changes")
    assert (row[:2], row[40:48], row[56:72].strip(), row[72:74]) == ("11", "REFERENS", "ONE", "12")
    assert [e.reference.strip() for e in town.bank.draws] == ["TWO"]


@pytest.mark.parametrize("code", ["01", "02", "03", "04", "05"])
def test_a_refund_is_a_withdrawal_of_its_own(make_town: MakeTown, code: str) -> None:
    town = make_town(shares={f"refund.{code}": 1.0}, refund_days=[2, 2])
    town.approved(1)
    town.send(payment(1, "20270312", reference="A1"))
    first, second = rows_of(town.run(4), "specification")[2:]
    account = "8901003232323232"
    assert first == f"17{'0' * 19}{account}2027031600002{'0' * 13}20000{'':3}00000001 "
    assert second == (f"77202703120    {1:016d}0000000200000009912346A1{'':14}20270316{code} ")
    assert [(e.code, e.amount) for e in town.bank.refunds] == [("77", 20_000)]


def test_a_refund_comes_on_demand_even_when_the_mandate_has_ended(town: Town) -> None:
    town.approved(1)
    town.send(payment(1, "20270312"))
    town.run(2)
    town.send(cancel_mandate(1))
    town.run()
    town.bank.refund("9912346", "1", "02")
    (report,) = town.run()
    assert [line[:2] for line in text_of(report)] == ["01", "17", "77", "09"]


def test_without_stopped_payments_only_executed_ones_are_told(make_town: MakeTown) -> None:
    town = make_town({"stopped": False})
    town.approved(1, 2)
    town.bank.next_draw("9912346", "1", "2")
    town.send(payment(1, "20270312"), payment(2, "20270312"))
    assert statuses(town.run(2)) == [("2", "0")]


def test_a_weekly_specification_holds_a_block_for_each_day(make_town: MakeTown) -> None:
    town = make_town({"specification": "weekly"})
    town.approved(1)
    town.send(payment(1, "20270315"), payment(1, "20270317"))
    reports = town.run(7)
    blocks = [line[37:45] for line in rows_of(reports, "specification") if line[:2] == "15"]
    assert blocks == ["20270315", "20270317"]
    assert [report.written.isoformat() for report in reports] == ["2027-03-19"]


def test_shares_come_out_about_as_set_and_add_up(make_town: MakeTown) -> None:
    town = make_town({"retries": 0}, shares={"draw.1": 0.3, "draw.2": 0.1})
    payers = range(1, 1001)
    town.approved(*payers)
    town.send(*(payment(payer, "20270312", payer) for payer in payers))
    (report,) = town.run(2)
    found = Counter(status for _, status in statuses([report]))
    assert found == {"0": 585, "1": 294, "2": 121}
    (deposit,) = town.bank.deposits
    assert deposit.amount == sum(e.amount for e in town.bank.draws)
    assert deposit.count == len(town.bank.draws) == 585
