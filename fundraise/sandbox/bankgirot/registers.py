"""What is kept for each payee: mandates, waiting payments, e-mandates, numbers given out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot.config import Payee

ENQUIRY, APPROVED = "enquiry", "approved"
BY_PAYEE, BY_PAYER = "1", "2"


@dataclass(slots=True)
class Mandate:
    payer: str
    # Sixteen digits, or blank for a mandate on a bankgiro number.
    account: str
    identity: str
    kind: str
    state: str
    created: date
    changed: date | None
    active_year: int
    # The first day that may be drawn.
    debit_from: date
    # When the bank answers, and with which information and comment code.
    answer_on: date | None = None
    answer: str = ""
    closed: bool = False
    # Of another system on the same bankgiro.
    other: bool = False


@dataclass(slots=True)
class Ended:
    """A mandate that is no more, or that never was: for the quarantine, and for whoever asks."""

    payer: str
    state: str
    on: date
    quarantined: bool


@dataclass(slots=True)
class Payment:
    number: int
    code: str
    # The date that was ordered, as it stood; the day it falls due, a bank day.
    ordered: str
    due: date
    period: str
    left: int | None
    payer: str
    amount: int
    reference: str
    tries: int = 0
    # The day of the month that a recurring order keeps to.
    anchor: int = 0
    # The month of this occasion, counted from year 0; its day may have rolled into the next.
    month: int = 0
    # The day of the first try, when there were several.
    tried: date | None = None


@dataclass(slots=True)
class Emandate:
    payer: str
    account: str
    identity: str
    arrived: date
    text: str = ""
    lines: tuple[str, ...] = ("", "", "", "")
    postcode: str = "00000"
    town: str = ""


@dataclass(slots=True)
class Refund:
    on: date
    code: str
    drawn: date
    payment: Payment


@dataclass
class Watch:
    """The watch register: payments that wait for their day."""

    payments: dict[int, Payment] = field(default_factory=dict)
    by_day: dict[date, dict[int, None]] = field(default_factory=dict)
    by_payer: dict[str, dict[int, None]] = field(default_factory=dict)

    def add(self, payment: Payment) -> None:
        self.payments[payment.number] = payment
        self.by_day.setdefault(payment.due, {})[payment.number] = None
        self.by_payer.setdefault(payment.payer, {})[payment.number] = None

    def remove(self, payment: Payment) -> None:
        del self.payments[payment.number]
        _drop(self.by_day, payment.due, payment.number)
        _drop(self.by_payer, payment.payer, payment.number)

    def move(self, payment: Payment, to: date) -> None:
        self.remove(payment)
        payment.due = to
        self.add(payment)

    def of(self, payer: str) -> list[Payment]:
        return [self.payments[number] for number in self.by_payer.get(payer, ())]

    def on(self, day: date) -> list[Payment]:
        return [self.payments[number] for number in self.by_day.get(day, ())]


def _drop(table: dict[Any, dict[int, None]], key: date | str, number: int) -> None:
    found = table[key]
    del found[number]
    if not found:
        del table[key]


@dataclass
class Register:
    payee: Payee
    mandates: dict[str, Mandate] = field(default_factory=dict)
    ended: dict[str, Ended] = field(default_factory=dict)
    emandates: dict[str, Emandate] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)
    refunds: list[Refund] = field(default_factory=list)
    # The last serial number of deposits and withdrawals in a year.
    serials: dict[int, int] = field(default_factory=dict)
    payments_made: int = 0
    # The last executed payment of a payer, for a refund on demand.
    paid: dict[str, Payment] = field(default_factory=dict)
    # What was asked for: the status of a payer's next draw, the pair that answers its mandate.
    next_draw: dict[str, str] = field(default_factory=dict)
    next_answer: dict[str, str] = field(default_factory=dict)
    # The agreement has ended: every order is refused.
    closed: bool = False

    def next_number(self) -> int:
        self.payments_made += 1
        return self.payments_made

    def next_serial(self, year: int) -> int:
        self.serials[year] = self.serials.get(year, 0) + 1
        return self.serials[year]

    def end(self, payer: str, state: str, on: date, *, quarantined: bool = True) -> None:
        self.mandates.pop(payer, None)
        self.ended[payer] = Ended(payer, state, on, quarantined)

    def in_quarantine(self, payer: str, on: date, days: int) -> bool:
        found = self.ended.get(payer)
        return found is not None and found.quarantined and on <= bankdays.after(found.on, days)
