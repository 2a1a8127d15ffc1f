"""Stripe's itemised payout report, for those who do not let the API tell: payouts and their lines.

They are booked as if Stripe had told of them (providers/balance.py), each line once by Stripe's own
name; the bank's line that shows a payout is matched to it like any other. For an account that the
API follows nothing is new but what the API has missed.
"""

from __future__ import annotations

import io
from datetime import datetime, time

from fundraise import clock
from fundraise.providers import balance
from fundraise.providers.facts import LineSeen, PayoutFact
from fundraise.providers.models import Account, BalanceLine, Payout
from fundraise.reconciliation.formats.base import FormatError, Line, Payment, Statement
from fundraise.reconciliation.formats.recognise import recognise
from fundraise.reconciliation.inbox.writing import Counts
from fundraise.reconciliation.models import BankAccount

NOON = time(12)
PAYOUT = "payout"


def account_for(chosen: BankAccount | None, only: int | None) -> Account:
    """The Stripe account of the entity that is asked for, or the only one there is.

    Raises FormatError: account_missing, when there is none or a person must say which.
    """
    rows = Account.objects.filter(provider="stripe", is_active=True).select_related("entity")
    entity = chosen.entity_id if chosen is not None else only
    found = list((rows.filter(entity_id=entity) if entity else rows).order_by("pk")[:2])
    if len(found) != 1:
        raise FormatError("account_missing", "the report")
    return found[0]


def count(statement: Statement, counts: Counts) -> None:
    """What is new in a report; nothing is booked. Raises FormatError."""
    for line in statement.lines():
        names = [payment.bank_ref for payment in line.payments]
        known = BalanceLine.objects.filter(provider_ref__in=names).count()
        is_new = not Payout.objects.filter(provider_ref=line.bank_ref).exists()
        counts.new_items += len(names) - known
        counts.known_items += known
        counts.new_lines += int(is_new)
        counts.known_lines += int(not is_new)
        if is_new:
            counts.money(line.amount_ore)


def book(content: bytes, account: Account) -> None:
    """Every payout of a report with its lines; what is known stays as it is."""
    raw = io.BytesIO(content)
    for statement in recognise(raw).statements(raw):
        for line in statement.lines():
            balance.record_payout(account, _fact(account, line))


def _fact(account: Account, line: Line) -> PayoutFact:
    lines = tuple(_line(payment, line) for payment in line.payments)
    return PayoutFact(
        line.bank_ref,
        line.amount_ore,
        "paid",
        line.booked_on,
        _noon(line),
        lines_ready=True,
        lines=(*lines, *_own_line(account, line)),
    )


def _own_line(account: Account, line: Line) -> tuple[LineSeen, ...]:
    """The line that takes the payout off Stripe's balance, which the report does not have."""
    followed = account.pulled_until is not None
    there = BalanceLine.objects.filter(source_id=line.bank_ref, kind=PAYOUT).exists()
    if followed or there:
        return ()
    return (
        LineSeen(
            f"csv:{line.bank_ref}", PAYOUT, -line.amount_ore, 0, line.bank_ref, _noon(line),
            line.bank_ref,
        ),
    )  # fmt: skip


def _line(payment: Payment, line: Line) -> LineSeen:
    return LineSeen(
        payment.bank_ref,
        payment.code,
        payment.amount_ore + payment.fee_ore,
        payment.fee_ore,
        payment.order_id,
        _noon(line),
        line.bank_ref,
    )


def _noon(line: Line) -> datetime:
    return datetime.combine(line.booked_on, NOON, clock.STOCKHOLM)
