"""The morning of a bank day: payments that fall due, renewed funds checks, refunds."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import NamedTuple

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.day import Day
from fundraise.sandbox.bankgirot.payment_orders import SINGLE, next_due
from fundraise.sandbox.bankgirot.registers import APPROVED, Mandate, Payment, Refund

NO_FUNDS, NO_ACCOUNT, AGAIN = "1", "2", "9"
OUTCOMES = ("1", "2", "4")
REFUND_CODES = ("01", "02", "03", "04", "05")


class Executed(NamedTuple):
    """One movement of money, for whoever checks the books against ours."""

    bankgiro: str
    day: date
    payer: str
    amount: int
    reference: str
    code: str
    other: bool


def run(day: Day) -> list[Executed]:
    """Everything that falls due; returns what was executed."""
    watch = day.register.watch
    due = watch.on(day.date)
    done: list[Executed] = []
    blocks = {
        code: rows.Block(kind, day.date) for kind, code in (("15", rows.IN), ("16", rows.OUT))
    }
    for payment in due:
        status = _draw(day, payment)
        if status:
            blocks[payment.code].rows.append(_row(day, payment, status))
        if status == rows.EXECUTED:
            done.append(_settle(day, payment))
    for payment in due:
        _after(day, payment)
    for block in blocks.values():
        if block.rows:
            block.rows.sort(key=itemgetter(0))
            day.blocks.append(block)
    return done


def _draw(day: Day, payment: Payment) -> str:
    """The status of a draw; blank when it was rejected instead."""
    mandate = day.register.mandates.get(payment.payer)
    if mandate is None or mandate.state != APPROVED or day.date < mandate.debit_from:
        day.reject(payment, "02" if mandate else "01")
        return ""
    if payment.code == rows.OUT:
        return NO_FUNDS if day.dice.falls("draw.1") else rows.EXECUTED
    asked = day.register.next_draw.pop(payment.payer, "")
    if asked:
        return _asked(day, mandate, payment, asked)
    if payment.tries:
        # The account was there a moment ago; this asks for the money alone.
        paid = day.dice.falls("retry.paid")
        return rows.EXECUTED if paid else _short(day, payment)
    if mandate.closed:
        return NO_ACCOUNT
    status = day.dice.pick("draw", OUTCOMES)
    if status == NO_ACCOUNT:
        mandate.closed = True
    if status == NO_FUNDS:
        return _short(day, payment)
    return status or rows.EXECUTED


def _asked(day: Day, mandate: Mandate, payment: Payment, status: str) -> str:
    mandate.closed = mandate.closed or status == NO_ACCOUNT
    return _short(day, payment) if status == NO_FUNDS else status


def _short(day: Day, payment: Payment) -> str:
    return AGAIN if payment.tries < day.register.payee.retries else NO_FUNDS


def _row(day: Day, payment: Payment, status: str) -> rows.Drawn:
    shown = payment.tried if payment.tried and day.knobs.retry_keeps_date else day.date
    if status == AGAIN:
        payment.tries += 1
        payment.tried = payment.tried or day.date
    elif payment.tries:
        # It is over, one way or the other.
        payment.tries = 0
    return rows.drawn(day.bankgiro, payment, shown, status)


def _after(day: Day, payment: Payment) -> None:
    """Off the register, or on to the next try or the next occasion."""
    watch = day.register.watch
    if payment.tries:
        watch.move(payment, day.next_day)
        return
    watch.remove(payment)
    if payment.period == SINGLE or payment.left == 1:
        return
    due, month = next_due(payment)
    left = payment.left - 1 if payment.left else None
    watch.add(Payment(
        day.register.next_number(), payment.code, rows.ymd(due), due, payment.period, left,
        payment.payer, payment.amount, payment.reference, 0, payment.anchor, month,
    ))  # fmt: skip


def _settle(day: Day, payment: Payment) -> Executed:
    mandate: Mandate = day.register.mandates[payment.payer]
    mandate.active_year = day.date.year
    if payment.code == rows.IN:
        day.register.paid[payment.payer] = payment
        _plan_refund(day, payment)
    return Executed(day.bankgiro, day.date, payment.payer, payment.amount, payment.reference,
                    payment.code, mandate.other)  # fmt: skip


def _plan_refund(day: Day, payment: Payment) -> None:
    code = day.dice.pick("refund", REFUND_CODES)
    if code:
        wait = day.dice.random.randint(*sorted(day.knobs.refund_days))
        shown = payment.tried if payment.tried and day.knobs.retry_keeps_date else day.date
        refund = Refund(bankdays.after(day.date, wait), code, shown, payment)
        day.register.refunds.append(refund)


def refunds(day: Day) -> list[Executed]:
    """Refunds that are granted this day: a withdrawal of its own for each."""
    register = day.register
    due = sorted((r for r in register.refunds if r.on <= day.date), key=lambda r: r.payment.payer)
    register.refunds = [r for r in register.refunds if r.on > day.date]
    done = []
    for refund in due:
        paid = refund.payment
        row = rows.refunded(day.bankgiro, paid, refund.drawn, day.date, refund.code)
        day.blocks.append(rows.Block("17", day.date, [row]))
        known = register.mandates.get(paid.payer)
        done.append(Executed(day.bankgiro, day.date, paid.payer, paid.amount, paid.reference,
                             "77", known is not None and known.other))  # fmt: skip
    return done
