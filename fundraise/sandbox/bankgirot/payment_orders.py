"""TK82 and TK32: orders go to the watch register, or are rejected."""

from __future__ import annotations

import calendar
from datetime import date
from functools import lru_cache

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.day import Day
from fundraise.sandbox.bankgirot.numbers import good_bankgiro, good_payer
from fundraise.sandbox.bankgirot.registers import APPROVED, Payment

AT_ONCE = "GENAST  "
SINGLE = "0"
PERIODS = frozenset("012345678")
AT_MONTHS_END = frozenset("5678")
MONTHS = {"1": 1, "2": 3, "3": 6, "4": 12, "5": 1, "6": 3, "7": 6, "8": 12}
PAST_DAYS = 5
YEARS_AHEAD = 2
# Beyond any date that can be right.
FAR_DAYS = 1200
CODES = ("01", "02", "06", "07", "08", "10", "12", "13", "15", "24")


@lru_cache(maxsize=1024)
def a_date(text: str) -> date | None:
    if not text.isdecimal():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def handle(day: Day, line: str) -> None:
    payment = _read(day, line)
    fault = _fault(day, payment, line)
    if not fault:
        extra = ("09",) if payment.code == rows.OUT else ()
        fault = day.dice.pick("payment", CODES + extra)
        if fault == "01":
            # What the bank says is so: the mandate is gone.
            day.lose_mandate(payment.payer)
    if fault:
        day.reject(payment, fault, line[31:43])
    else:
        day.register.watch.add(payment)


def _read(day: Day, line: str) -> Payment:
    """The order as it stands; what can't be read is zero, and found below."""
    ordered, period, occasions, amount = line[2:10], line[10:11], line[11:14], line[31:43]
    left = int(occasions) if occasions.isdecimal() else None
    when = day.next_day if ordered == AT_ONCE else a_date(ordered)
    # A date that is too far off either way is rejected below, whatever it would mean.
    near = when and abs((when - day.date).days) < FAR_DAYS
    due = _due(day.date, when, period) if when and near else day.next_day
    return Payment(
        day.register.next_number(), line[:2], ordered, due, period, left, line[15:31],
        int(amount) if amount.isdecimal() else 0, line[53:69], 0, when.day if when else 0,
        when.year * 12 + when.month - 1 if when else 0,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _due(received: date, ordered: date, period: str) -> date:
    """The bank day that an ordered date means."""
    if period in AT_MONTHS_END:
        last = calendar.monthrange(ordered.year, ordered.month)[1]
        due = bankdays.on_or_before(ordered.replace(day=last))
    else:
        due = bankdays.on_or_after(ordered)
    return max(due, bankdays.after(received))


def _fault(day: Day, payment: Payment, line: str) -> str:
    return (
        _fault_of_payee(day, line)
        or _fault_of_form(day, payment, line)
        or _fault_of_date(day.date, payment.ordered)
        or _fault_of_mandate(day, payment)
        or _fault_of_sum(day, payment)
    )


def _fault_of_payee(day: Day, line: str) -> str:
    if line[43:53] == day.bankgiro and not day.register.closed:
        return ""
    return "15" if good_bankgiro(line[43:53]) and not day.register.closed else "10"


def _fault_of_form(day: Day, payment: Payment, line: str) -> str:
    occasions = line[11:14]
    if payment.period not in PERIODS:
        return "06"
    if payment.ordered == AT_ONCE and payment.period != SINGLE:
        return "06"
    if occasions != "   " and (payment.period == SINGLE or not payment.left):
        return "07"
    if not payment.amount:
        return "08"
    if payment.code == rows.OUT and not day.register.payee.outgoing:
        return "09"
    return ""


@lru_cache(maxsize=1024)
def _fault_of_date(received: date, ordered: str) -> str:
    if ordered == AT_ONCE:
        return ""
    when = a_date(ordered)
    if when is None or when > date(received.year + YEARS_AHEAD, 12, 31):
        return "12"
    past = (received - when).days > FAR_DAYS or bankdays.between(when, received) > PAST_DAYS
    return "13" if past else ""


def _fault_of_mandate(day: Day, payment: Payment) -> str:
    if not good_payer(payment.payer):
        return "01"
    found = day.register.mandates.get(payment.payer)
    if found is None:
        return "01"
    early = found.state != APPROVED and not day.knobs.takes_early_orders
    return "02" if early and payment.period == SINGLE else ""


def _fault_of_sum(day: Day, payment: Payment) -> str:
    most = day.register.payee.maximum_ore
    if not most or payment.code != rows.IN:
        return ""
    there = sum(p.amount for p in day.register.watch.of(payment.payer)
                if p.due == payment.due and p.code == rows.IN)  # fmt: skip
    return "24" if there + payment.amount > most else ""


def next_due(payment: Payment) -> tuple[date, int]:
    """The next occasion of a recurring order: its bank day, and the month it belongs to."""
    month = payment.month + MONTHS[payment.period]
    year, place = divmod(month, 12)
    last = calendar.monthrange(year, place + 1)[1]
    if payment.period in AT_MONTHS_END:
        return bankdays.on_or_before(date(year, place + 1, last)), month
    return bankdays.on_or_after(date(year, place + 1, min(payment.anchor, last))), month
