"""TK23 to TK29: cancelling and moving payments that wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.day import Day
from fundraise.sandbox.bankgirot.numbers import good_bankgiro, good_payer
from fundraise.sandbox.bankgirot.payment_orders import SINGLE, YEARS_AHEAD, a_date
from fundraise.sandbox.bankgirot.registers import Payment

WHOLE = frozenset({"26", "27"})
ONE = frozenset({"25", "29"})
MOVES = frozenset({"26", "27", "28", "29"})
WITH_DATE = frozenset({"24", "25", "27", "28", "29"})
# The comments that may follow each record, beside the one that says that it is done.
FAILURES = {
    "23": ("02", "10", "11", "13"), "24": ("01", "02", "10", "11", "13"),
    "25": ("01", "02", "04", "05", "10", "11", "13"),
    "26": ("06", "10", "11", "13", "15"), "27": ("01", "06", "10", "11", "13", "15"),
    "28": ("01", "02", "06", "10", "11", "13", "15"),
    "29": ("01", "02", "04", "05", "06", "10", "11", "13", "15"),
}  # fmt: skip


class Order(NamedTuple):
    kind: str
    bankgiro: str
    payer: str
    day: str
    amount: str
    direction: str
    to: str
    reference: str


def read(line: str) -> Order:
    return Order(line[:2], line[2:12], line[12:28], line[28:36], line[36:48], line[48:50],
                 line[50:58], line[58:74])  # fmt: skip


def handle(day: Day, line: str) -> None:
    order = read(line)
    fault = _fault(day, order) or day.dice.pick("change", FAILURES[order.kind])
    if fault == "13":
        # What the bank says is so: the payments are not there any more.
        for payment in _found(day, order):
            day.register.watch.remove(payment)
    if fault:
        _fail(day, order, fault)
        return
    found = _found(day, order)
    if not found:
        _fail(day, order, "13")
    elif order.kind in MOVES:
        _move(day, order, found)
    else:
        for payment in found:
            day.cancel(payment, order.kind)


def _fault(day: Day, order: Order) -> str:
    if not order.bankgiro.strip(" 0"):
        return "11"
    if order.bankgiro != day.bankgiro or not good_bankgiro(order.bankgiro):
        return "10"
    if order.kind not in WHOLE and not good_payer(order.payer):
        return "02"
    if order.kind in WITH_DATE and a_date(order.day) is None:
        return "01"
    if order.kind in ONE and order.direction not in (rows.IN, rows.OUT):
        return "04"
    if order.kind in ONE and not order.amount.isdecimal():
        return "05"
    return "06" if order.kind in MOVES and _new_day(day, order) is None else ""


def _new_day(day: Day, order: Order) -> date | None:
    found = a_date(order.to)
    if found is None or found <= day.date or found.year > day.date.year + YEARS_AHEAD:
        return None
    return bankdays.on_or_after(found)


def _found(day: Day, order: Order) -> list[Payment]:
    """Payments in the watch register that the order is about."""
    watch = day.register.watch
    among: Iterable[Payment] = (
        watch.payments.values() if order.kind in WHOLE else watch.of(order.payer)
    )
    # Between tries it is no longer waiting for its day.
    fitting = [p for p in among if not p.tries and _fits(p, order)]
    return fitting[:1] if order.kind in ONE else fitting


def _fits(payment: Payment, order: Order) -> bool:
    if order.kind in WITH_DATE and order.day not in (payment.ordered, rows.ymd(payment.due)):
        return False
    if order.kind not in ONE:
        return True
    named = order.reference.strip()
    return (
        payment.code == order.direction
        and payment.amount == int(order.amount)
        and (not named or named == payment.reference.strip())
    )


def _move(day: Day, order: Order, found: list[Payment]) -> None:
    to = _new_day(day, order)
    assert to is not None  # noqa: S101 - _fault has seen to it
    single = [payment for payment in found if payment.period == SINGLE]
    recurring = [payment for payment in found if payment.period != SINGLE]
    moved = [(payment, payment.due) for payment in single]
    for payment in single:
        payment.ordered = rows.ymd(to)
        day.register.watch.move(payment, to)
    if order.kind in WHOLE:
        _tell_whole(day, order, len(single), len(recurring))
        return
    for payment, before in moved:
        day.changes.append(rows.change(order.kind, payment, "18", when=before, to=to))
    for payment in recurring:
        day.changes.append(rows.change(order.kind, payment, "15", to=to))


def _tell_whole(day: Day, order: Order, single: int, recurring: int) -> None:
    when = order.day if order.kind == "27" else rows.NO_DATE
    for count, comment in ((single, "14"), (recurring, "15")):
        if count:
            day.changes.append(rows.aggregate(order.kind, when, count, order.to, comment))


def _fail(day: Day, order: Order, comment: str) -> None:
    """The order as it stood, and why nothing was done."""
    if order.kind in WHOLE:
        when = order.day if order.kind == "27" else rows.NO_DATE
        day.changes.append(rows.aggregate(order.kind, when, 0, order.to, comment))
        return
    named = bool(order.reference.strip())
    line = rows.change_line(
        order.kind, order.day.strip() or rows.NO_DATE, order.payer, order.direction.strip() or "82",
        order.amount.strip() or "0" * 12, "REFERENS" if named else rows.NO_DATE,
        order.to.strip() or rows.NO_DATE, order.reference if named else "0" * 16, comment,
    )  # fmt: skip
    day.changes.append(rows.Change(order.direction.strip() or "82", 0, False, line))
