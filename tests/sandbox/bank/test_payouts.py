"""What Stripe and Bankgirot paid out reaches the account once, on its day, whole or in parts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.core import Bank
from fundraise.sandbox.bank.knobs import Knobs

ACCOUNT = BankAccount("83279712345678", "Föreningen", bankgiro="991-2346")
FRIDAY, MONDAY, WEDNESDAY = date(2026, 1, 16), date(2026, 1, 19), date(2026, 1, 21)


def payout(day: date = FRIDAY, amount: int = 1_000_01, **more: Any) -> dict[str, Any]:
    arrival = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    return {"id": "po_1", "amount": amount, "status": "paid", "arrival_date": arrival,
            "trace_id": {"status": "supported", "value": "TRACE1"}, **more}  # fmt: skip


def booked(bank: Bank, last: date = date(2026, 1, 31)) -> list[tuple[str, int, str, list[str]]]:
    return [(row["day"], row["amount_ore"], row["kind"], row["marks"])
            for day in bank.run(FRIDAY, last) for row in day.truth]  # fmt: skip


def test_a_payout_is_booked_once_however_often_it_is_heard_of() -> None:
    bank = Bank([ACCOUNT])
    assert bank.hear_payouts([payout(), payout(id="po_2", amount=-50_00)]) == 2
    assert bank.hear_payouts([payout(), payout(id="po_2", amount=-50_00)]) == 0
    assert booked(bank) == [("2026-01-16", -50_00, "payout", []),
                            ("2026-01-16", 1_000_01, "payout", [])]  # fmt: skip
    assert bank.hear_payouts([payout()]) == 0
    told = bank.books[ACCOUNT.number].statements[0].entries[1].payments[0].move
    assert (told.end_to_end, told.message, told.source) == ("TRACE1", "STRIPE TRACE1", "po_1")


def test_one_that_is_heard_of_late_or_falls_on_a_sunday_is_booked_on_the_next_bank_day() -> None:
    bank = Bank([ACCOUNT])
    bank.run_day(FRIDAY)
    bank.hear_payouts([payout(), payout(date(2026, 1, 18), id="po_2", amount=1_00)])
    assert {row["amount_ore"] for row in bank.run_day(MONDAY).truth} == {1_000_01, 1_00}
    bank.hear_payouts([payout(id="po_3", status="canceled"), payout(id="po_4", amount=0)])
    assert bank.run_day(date(2026, 1, 20)).truth == []


def test_a_payout_that_failed_comes_and_goes_back() -> None:
    bank = Bank([ACCOUNT])
    bank.hear_payouts([payout(status="failed")])
    assert booked(bank) == [("2026-01-16", 1_000_01, "payout", []),
                            ("2026-01-19", -1_000_01, "payout_return", [])]  # fmt: skip
    bank = Bank([ACCOUNT])
    bank.hear_payouts([payout()])
    bank.run_day(FRIDAY)
    assert bank.hear_payouts([payout(status="failed")]) == 1
    (row,) = bank.run_day(MONDAY).truth
    assert (row["amount_ore"], row["reason"], row["source"]) == (-1_000_01, "AC04", "po_1")
    assert bank.books[ACCOUNT.number].balance_ore == 0


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("payout.late", [(WEDNESDAY, 1_000_01, "payout")]),
        ("payout.split", [(FRIDAY, 500_00, "payout"), (FRIDAY, 500_01, "payout")]),
        ("payout.partial", [(FRIDAY, 600_00, "payout"), (WEDNESDAY, 400_01, "payout")]),
        ("payout.returned", [(FRIDAY, 1_000_01, "payout"), (MONDAY, -1_000_01, "payout_return")]),
    ],
)
def test_a_payout_with_a_fault_and_the_fault_is_named(
    fault: str, told: list[tuple[date, int, str]]
) -> None:
    bank = Bank([ACCOUNT], Knobs(late_days=3))
    bank.dice.ask(fault)
    bank.hear_payouts([payout(MONDAY, id="po_2", amount=7_00), payout()])
    found = booked(bank)
    mark = fault.removeprefix("payout.")
    kinds = {"payout_return": [[mark], []], "payout": [[mark]]}
    strange = [row for row in found if abs(row[1]) != 7_00]
    assert [row[:3] for row in strange] == [(str(d), ore, kind) for d, ore, kind in told]
    assert all(row[3] in kinds[row[2]] for row in strange)
    assert ("2026-01-19", 7_00, "payout", []) in found


def test_what_was_done_to_a_payout_is_told_with_the_day() -> None:
    bank = Bank([ACCOUNT])
    bank.dice.ask("payout.partial", ACCOUNT.number)
    bank.hear_payouts([payout()])
    (fault,) = bank.run_day(FRIDAY).faults
    assert (fault.name, fault.subject, fault.right_on) == (
        "payout.partial", "po_1", date(2026, 1, 20),
    )  # fmt: skip


def test_a_payout_that_the_bank_took_back_is_not_taken_back_again_when_stripe_tells() -> None:
    bank = Bank([ACCOUNT])
    bank.dice.ask("payout.returned")
    bank.hear_payouts([payout()])
    bank.run_day(FRIDAY)
    assert bank.hear_payouts([payout(status="failed")]) == 0
    list(bank.run(MONDAY, WEDNESDAY))
    assert bank.books[ACCOUNT.number].balance_ore == 0


def test_deposits_reach_the_account_of_their_bankgiro_and_refunds_leave_it() -> None:
    bank = Bank([ACCOUNT])
    deposit = {"bankgiro": "0009912346", "kind": "15", "day": FRIDAY, "serial": 7,
               "amount": 400_00, "count": 2}  # fmt: skip
    others = [deposit | {"bankgiro": "0050501055"}, deposit | {"serial": 8, "amount": 0}]
    heard = [deposit, deposit, deposit | {"kind": "17", "amount": 100_00}, *others]
    assert bank.hear_deposits(heard) == 2
    assert booked(bank, FRIDAY) == [("2026-01-16", 400_00, "autogiro", []),
                                    ("2026-01-16", -100_00, "autogiro", [])]  # fmt: skip
    told = bank.books[ACCOUNT.number].statements[0].entries[0]
    assert (told.text, told.payments[0].move.source) == (
        "AUTOGIRO 9912346 15 00007", "9912346/15/2026-01-16/7",
    )  # fmt: skip
