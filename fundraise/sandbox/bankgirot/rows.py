"""The lines of reports, each of 80 positions, with what the end records need to know of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from fundraise.sandbox.bankgirot.registers import Emandate, Mandate, Payment

IN, OUT = "82", "32"
EXECUTED = "0"
# Account and identity number are told only with these information codes.
WITH_PARTICULARS = frozenset({"04", "05", "42", "43", "46"})
NO_DIRECTION = "00"
NO_DATE = "00000000"
# Cancelled, date changed: what a sum of cancellations counts.
DONE = frozenset({"12", "14", "18"})


class Rejected(NamedTuple):
    code: str
    amount: int
    line: str


class Change(NamedTuple):
    direction: str
    amount: int
    done: bool
    line: str


class Drawn(NamedTuple):
    payer: str
    amount: int
    executed: bool
    line: str
    # For the other layouts.
    payment: Payment
    status: str


class Advice(NamedTuple):
    line: str
    # Old layout: the first day that may be drawn, for new mandates.
    debit_from: date | None = None


@dataclass
class Block:
    """A deposit (15), a withdrawal (16) or a withdrawal for one refund (17), with its rows."""

    kind: str
    day: date
    rows: list[Drawn] = field(default_factory=list)


def ymd(day: date) -> str:
    return day.strftime("%Y%m%d")


def particulars(mandate: Mandate) -> tuple[str, str]:
    """Account and identity number as advice tells them."""
    if mandate.account:
        return mandate.account, mandate.identity
    return "0" * 16, mandate.identity


def advice(bankgiro: str, payer: str, pair: str, day: date, who: tuple[str, str]) -> str:
    account, identity = who if pair[:2] in WITH_PARTICULARS else ("", "")
    return f"73{bankgiro}{payer:>16}{account:16}{identity:12}{'':5}{pair:4}{ymd(day)}{'':7}"


def rejected(payment: Payment, amount: str, comment: str) -> Rejected:
    left = "   " if payment.left is None else f"{payment.left:03d}"
    return Rejected(payment.code, payment.amount, (
        f"{payment.code}{payment.ordered:8}{payment.period:1}{left}{payment.payer:>16}"
        f"{amount:>12}{payment.reference:16}{comment}{'':20}"
    ))  # fmt: skip


def change(
    kind: str, payment: Payment, comment: str, *, when: date | None = None, to: date | None = None
) -> Change:
    """One payment that was cancelled or moved; `when`: its date before it was moved."""
    named = bool(payment.reference.strip())
    line = change_line(
        kind, ymd(when or payment.due), payment.payer, payment.code, f"{payment.amount:012d}",
        "REFERENS" if named else NO_DATE, ymd(to) if to else NO_DATE,
        payment.reference if named else "0" * 16, comment,
    )  # fmt: skip
    return Change(payment.code, payment.amount, comment in DONE, line)


def change_line(
    kind: str, day: str, payer: str, direction: str, amount: str, sign: str, to: str,
    reference: str, comment: str,
) -> str:  # fmt: skip
    return (
        f"{kind}{day:8}{payer:16}{direction:2}{amount:>12}{sign:8}{to:8}{reference:16}{comment}"
        f"{'':6}"
    )


def aggregate(kind: str, day: str, count: int, to: str, comment: str, amount: int = 0) -> Change:
    """Many payments told as one: no payer, no direction, and how many there were.

    The sum stands there only when they are gone (TK21), and is in no total.
    """
    line = change_line(kind, day, "", NO_DIRECTION, f"{amount:012d}", f"{count:08d}", to, "0" * 16,
                       comment)  # fmt: skip
    return Change(NO_DIRECTION, 0, False, line)


def drawn(bankgiro: str, payment: Payment, day: date, status: str) -> Drawn:
    left = "   " if payment.left is None else f"{payment.left:03d}"
    line = (
        f"{payment.code}{day:%Y%m%d}{payment.period}{left} {payment.payer}{payment.amount:012d}"
        f"{bankgiro}{payment.reference:16}{'':10}{status}"
    )
    return Drawn(payment.payer, payment.amount, status == EXECUTED, line, payment, status)


def refunded(bankgiro: str, payment: Payment, drawn_on: date, day: date, code: str) -> Drawn:
    left = "   " if payment.left is None else f"{payment.left:03d}"
    line = (
        f"77{drawn_on:%Y%m%d}{payment.period}{left} {payment.payer}{payment.amount:012d}{bankgiro}"
        f"{payment.reference:16}{day:%Y%m%d}{code} "
    )
    return Drawn(payment.payer, payment.amount, True, line, payment, code)


def emandate(bankgiro: str, found: Emandate, message: str) -> list[str]:
    """The five records of an e-mandate."""
    first, second, third, fourth = (line[:36] for line in found.lines)
    return [
        f"52{bankgiro}{found.payer}{found.account}{found.identity}{'':5}{message}{'':18}",
        f"53{found.text[:36]:36}{'':42}",
        f"54{first:36}{second:36}{'':6}",
        f"55{third:36}{fourth:36}{'':6}",
        f"56{found.postcode:5}{found.town[:31]:31}{'':42}",
    ]


def watched(payment: Payment) -> Rejected:
    """A row of the watch register; 000 when a recurring order has no end."""
    single = payment.period == "0"
    left = "   " if single else f"{payment.left or 0:03d}"
    return Rejected(payment.code, payment.amount, (
        f"{payment.code}{ymd(payment.due)}{payment.period}{left} {payment.payer}"
        f"{payment.amount:012d}{'':10}{payment.reference:16}{'':11}"
    ))  # fmt: skip


def registered(bankgiro: str, mandate: Mandate) -> str:
    """A row of the mandate register."""
    changed = ymd(mandate.changed) if mandate.changed else NO_DATE
    status = "1" if mandate.state == "approved" else "2"
    return (
        f"{bankgiro}{mandate.identity:12}{mandate.payer}{mandate.kind}"
        f"{mandate.active_year % 100:02d}{ymd(mandate.created)}{changed}{status}{'':6}"
        f"{mandate.account:16}"
    )


def registered_old(bankgiro: str, mandate: Mandate) -> str:
    changed = ymd(mandate.changed) if mandate.changed else NO_DATE
    status = "1" if mandate.state == "approved" else "2"
    return (
        f"{bankgiro}{mandate.identity:12}{mandate.payer}{mandate.kind}{mandate.active_year % 10}"
        f"{ymd(mandate.created)}{changed}{status}0{'0' * 5}{mandate.account:16} "
    )
