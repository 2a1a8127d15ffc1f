"""Payments that wait are cancelled and moved: every record, every comment, the signed sums."""

from __future__ import annotations

import pytest

from fundraise.sandbox.bankgirot.openings import negative
from tests.sandbox.bankgirot.conftest import MakeTown, Town, rows_of, text_of
from tests.sandbox.bankgirot.orders import change, payment

DUE, LATER = "20270315", "20270317"


@pytest.fixture
def waiting(town: Town) -> Town:
    """Two payers with three single payments and a recurring one, from 15 March."""
    town.approved(1, 2)
    town.send(
        payment(1, DUE, 10_000, "A"), payment(1, DUE, 20_000, "B"), payment(2, "20270316", 5_000),
        payment(2, DUE, 7_000, "MONTHLY", period="1"),
    )  # fmt: skip
    town.run()
    return town


def told(town: Town, *orders: str) -> list[tuple[str, str]]:
    """The record and the comment of each row."""
    town.send(*orders)
    return [(row[:2], row[72:74]) for row in rows_of(town.run(), "changes")]


def left(town: Town) -> list[int]:
    return sorted(payment.amount for payment in town.bank.waiting("9912346"))


def test_one_payment_is_cancelled_and_told_to_the_last_position(waiting: Town) -> None:
    waiting.send(change("25", 1, DUE, 20_000, "82", reference="B"))
    (report,) = waiting.run()
    assert text_of(report) == [
        f"01AUTOGIRO{'':14}20270312{'':12}MAKULERING/ÄNDRING  4711170009912346",
        f"2520270315{1:016d}82{20_000:012d}REFERENS00000000B{'':15}12{'':6}",
        f"09202703129900{'':14}{'0' * 12}0000000000010000{'0' * 7}2000å{'0' * 12}",
    ]
    assert report.data[-32:-14].endswith(b"2000\xe5")
    assert left(waiting) == [5_000, 7_000, 10_000]


CANCELS = {
    "all of a payer": (change("23", 2), [("23", "12"), ("23", "12")], [10_000, 20_000]),
    "a day": (change("24", 1, DUE), [("24", "12"), ("24", "12")], [5_000, 7_000]),
    "a day with a recurring order": (change("24", 2, DUE), [("24", "12")], [5_000, 10_000, 20_000]),
    "the first that fits": (change("25", 1, DUE, 10_000, "82"), [("25", "12")],
                            [5_000, 7_000, 20_000]),
}  # fmt: skip
ALL = [5_000, 7_000, 10_000, 20_000]
FAILS = {
    "another payer": (change("23", 3), ("23", "13")),
    "no payer": (change("23", 0), ("23", "02")),
    "no date": (change("24", 1, "20270230"), ("24", "01")),
    "another date": (change("24", 1, "20270318"), ("24", "13")),
    "another sum": (change("25", 1, DUE, 10_001, "82"), ("25", "13")),
    "another reference": (change("25", 1, DUE, 10_000, "82", reference="C"), ("25", "13")),
    "no direction": (change("25", 1, DUE, 10_000, "83"), ("25", "04")),
    "no sum": (change("25", 1, DUE, "1X", "82"), ("25", "05")),
    "the other direction": (change("25", 1, DUE, 10_000, "32"), ("25", "13")),
    "another bankgiro": (change("23", 1, bankgiro="0050501055"), ("23", "10")),
    "no bankgiro": (change("23", 1, bankgiro="0000000000"), ("23", "11")),
    "no new date": (change("26", to="20270230"), ("26", "06")),
    "a new date that is past": (change("28", 1, DUE, to="20270301"), ("28", "06")),
    "a recurring order": (change("28", 2, DUE, to=LATER), ("28", "15")),
    "nothing to move": (change("29", 1, DUE, 1, "82", to=LATER), ("29", "13")),
    "nothing on that day": (change("27", day=LATER, to="20270318"), ("27", "13")),
}


@pytest.mark.parametrize("name", CANCELS)
def test_payments_are_cancelled(waiting: Town, name: str) -> None:
    order, comments, rest = CANCELS[name]
    assert told(waiting, order) == comments
    assert left(waiting) == rest


@pytest.mark.parametrize("name", FAILS)
def test_what_cannot_be_done_is_said_and_nothing_changes(waiting: Town, name: str) -> None:
    order, comment = FAILS[name]
    waiting.send(order)
    (report,) = waiting.run()
    row, end = text_of(report)[1:]
    assert (row[:2], row[72:74]) == comment
    assert end[28:68] == "0" * 40
    assert left(waiting) == ALL


MOVES = {
    "everything": (change("26", to=LATER), [("26", "14"), ("26", "15")], {"A", "B", ""}),
    "a day": (change("27", day=DUE, to=LATER), [("27", "14"), ("27", "15")], {"A", "B"}),
    "a payer's day": (change("28", 1, DUE, to=LATER), [("28", "18"), ("28", "18")], {"A", "B"}),
    "one": (change("29", 1, DUE, 20_000, "82", LATER, "B"), [("29", "18")], {"B"}),
}


@pytest.mark.parametrize("name", MOVES)
def test_payments_are_moved_and_recurring_orders_are_not(waiting: Town, name: str) -> None:
    order, comments, moved = MOVES[name]
    assert told(waiting, order) == comments
    found = {p.reference.strip() for p in waiting.bank.waiting("9912346") if p.due.day == 17}
    assert found == moved
    assert left(waiting) == ALL


def test_moves_of_many_are_told_as_one_with_their_count(waiting: Town) -> None:
    waiting.send(change("26", to=LATER))
    (report,) = waiting.run()
    many, recurring, end = text_of(report)[1:]
    shape = f"26{'0' * 8}{'':16}00{'0' * 12}0000000%s20270317{'0' * 16}%s{'':6}"
    assert many == shape % ("3", "14")
    assert recurring == shape % ("1", "15")
    assert end[28:68] == "0" * 40


def test_a_moved_payment_is_told_with_both_days_and_is_drawn_then(waiting: Town) -> None:
    waiting.send(change("29", 1, DUE, 20_000, "82", LATER, "B"))
    (report,) = waiting.run()
    (row,) = rows_of([report], "changes")
    assert (row[2:10], row[48:56]) == (DUE, LATER)
    waiting.run(4)
    assert [(e.day.day, e.amount) for e in waiting.bank.draws] == [
        (15, 10_000), (15, 7_000), (16, 5_000), (17, 20_000),
    ]  # fmt: skip


def test_after_the_draw_there_is_nothing_to_cancel(waiting: Town) -> None:
    waiting.run()
    assert [e.amount for e in waiting.bank.draws] == []
    waiting.today = waiting.today.replace(day=15)
    assert told(waiting, change("25", 1, DUE, 10_000, "82")) == [("25", "13")]
    assert sum(e.amount for e in waiting.bank.draws) == 37_000


def test_orders_are_handled_as_they_come_also_on_one_day(town: Town) -> None:
    town.approved(1)
    town.send(payment(1, DUE))
    town.send(change("23", 1))
    assert [row[72:74] for row in rows_of(town.run(), "changes")] == ["12"]
    town.send(change("23", 1))
    town.send(payment(1, DUE))
    assert [row[72:74] for row in rows_of(town.run(), "changes")] == ["13"]
    assert left(town) == [20_000]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "000000000000"), (706_000, "00000070600å"), (1, "00000000000J"), (89, "00000000008R")],
)
def test_the_minus_sign_is_folded_into_the_last_digit(amount: int, shown: str) -> None:
    assert negative(amount) == shown


def test_sums_may_be_plain_as_in_the_examples(make_town: MakeTown) -> None:
    town = make_town(plain_sums=True)
    town.approved(1)
    town.send(payment(1, DUE))
    town.run()
    town.send(change("23", 1))
    (report,) = town.run()
    assert text_of(report)[-1][56:68] == "000000020000"


@pytest.mark.parametrize("code", ["01", "02", "04", "05", "06", "10", "11", "13", "15"])
def test_every_comment_can_be_forced(waiting: Town, code: str) -> None:
    waiting.bank.set_knobs({"shares": {f"change.{code}": 1.0}})
    assert told(waiting, change("29", 1, DUE, 20_000, "82", LATER)) == [("29", code)]
    # A payment that the bank does not find is not there.
    assert left(waiting) == ([5_000, 7_000, 10_000] if code == "13" else ALL)
