"""Stripe's itemised payout report, for those who do not let the API tell: payouts and their lines.

They are booked as if Stripe had told of them (providers/balance.py), each line once by Stripe's own
name and each payout once by its own; the bank's line that shows a payout is matched to it like any
other. For an account that the API follows nothing is new but what the API has missed, and a charge,
refund or dispute that it has not told of is left to it: the report does not say whose gift it is.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from datetime import datetime, time

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.providers import balance, settle
from fundraise.providers.facts import Fact, LineSeen, MoneySeen, PayoutFact
from fundraise.providers.models import Account, BalanceLine, Payout
from fundraise.reconciliation.formats.base import FormatError, Line, Payment, Statement
from fundraise.reconciliation.formats.recognise import recognise
from fundraise.reconciliation.inbox import stripe_lines
from fundraise.reconciliation.inbox.writing import Counts
from fundraise.reconciliation.models import BankAccount

NOON = time(12)


def account_for(chosen: BankAccount | None, only: Collection[int] | None) -> Account:
    """The Stripe account of the entity that is asked for, or the only one there is.

    Raises FormatError: account_missing, when there is none or a person must say which.
    """
    rows = Account.objects.filter(provider="stripe", is_active=True).select_related("entity")
    within = [chosen.entity_id] if chosen is not None else only
    found = list((rows if within is None else rows.filter(entity__in=within)).order_by("pk")[:2])
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
            if not _is_followed(account):
                settle.apply(account, _charges(account, line))
                _book_back(account, line)
            unknown = _new(account, line, but=stripe_lines.KNOWN)
            balance.record_payout(account, _fact(account, line))
            _tie(account, line)
            stripe_lines.tell_of_unknown(account, [_line(one, line) for one in unknown])
    stripe_lines.look_again(account)


def _is_followed(account: Account) -> bool:
    return account.pulled_until is not None


def _new(account: Account, line: Line, *, but: Collection[str] = ()) -> list[Payment]:
    """The balance lines of a payout that nobody has told of, less those of some kinds."""
    names = [payment.bank_ref for payment in line.payments]
    rows = BalanceLine.objects.filter(account=account, provider_ref__in=names)
    known = set(rows.values_list("provider_ref", flat=True))
    new = [payment for payment in line.payments if payment.bank_ref not in known]
    return [payment for payment in new if payment.code not in but]


def _book_back(account: Account, line: Line) -> None:
    """Refunds and disputes, what left before what came back."""
    back = [payment for payment in _new(account, line) if payment.code in stripe_lines.BACK]
    for payment in sorted(back, key=lambda one: one.amount_ore > 0):
        seen = _line(payment, line)
        stripe_lines.book_back(account, seen, payment.reference, payment.end_to_end)


def _tie(account: Account, line: Line) -> None:
    """Lines that were booked before their payout stood here belong to it."""
    for payment in line.payments:
        if payment.code in stripe_lines.BACK:
            row = BalanceLine.objects.filter(account=account, provider_ref=payment.bank_ref)
            row.filter(payout=None).update(payout=Payout.objects.get(provider_ref=line.bank_ref))


def _charges(account: Account, line: Line) -> list[Fact]:
    """The money of charges that no API has told of: a gift's by its intent, else in suspense."""
    charges = [payment for payment in line.payments if payment.code in balance.CHARGES]
    refs = [payment.order_id for payment in charges]
    gifts = Gift.objects.filter(entity_id=account.entity_id, provider_ref__in=refs)
    known = set(gifts.values_list("provider_ref", flat=True))
    facts: list[Fact] = []
    for payment in charges:
        seen = _line(payment, line)
        if payment.order_id and payment.order_id not in known:
            intent = payment.end_to_end
            facts.append(
                MoneySeen(seen.source_ref, None, intent, seen.amount_ore, "card", seen.at, seen)
            )
    return facts


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
    if _is_followed(account):
        return ()
    name = f"{balance.REPORTED}{line.bank_ref}"
    return (
        LineSeen(
            name, balance.PAYOUT, -line.amount_ore, 0, line.bank_ref, _noon(line), line.bank_ref
        ),
    )


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
