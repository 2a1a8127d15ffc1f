"""The chain of an account's statements: each begins where the one before it ended.

A statement that does not is behind a gap, which stands in the queue until what is missing has come.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.db.models import Sum as Total

from fundraise.reconciliation import exceptions
from fundraise.reconciliation.models import BankAccount, Line, QueueItem, Statement

GAP, NEGATIVE = QueueItem.Code.GAP, QueueItem.Code.NEGATIVE


def link(account: BankAccount) -> None:
    """Tie what can be tied by now, and tell the queue of what can't. Harmless when asked again."""
    loose = list(_with_balances(account).filter(before=None).order_by("from_day", "to_day", "pk"))
    solved, gaps = [], []
    for statement in loose:
        expected = _expected(statement)
        if expected is None:
            solved.append(_subject(statement))
        else:
            gaps.append((statement, expected))
    exceptions.solved(GAP, solved)
    for statement, expected in gaps:
        exceptions.open_(
            GAP,
            _subject(statement),
            entity_id=account.entity_id,
            amount_ore=(statement.opening_ore or 0) - expected,
            facts={"from_day": statement.from_day.isoformat(), "expected_ore": expected},
        )
    _watch_balance(account)


def gap_of(statement: Statement) -> int | None:
    """How far a statement's opening balance is from where it should begin; none when it fits."""
    if statement.opening_ore is None or statement.before_id is not None:
        return None
    if _before(statement) is not None:
        return None
    return (statement.opening_ore - balance_before(statement.account, statement.from_day)) or None


def _expected(statement: Statement) -> int | None:
    """None when the statement begins where it should; else the balance it should begin with."""
    account = statement.account
    before = _before(statement)
    if before is not None:
        statement.before = before
        statement.save(update_fields=["before"])
        return None
    balance = balance_before(account, statement.from_day)
    return None if balance == statement.opening_ore else balance


def _before(statement: Statement) -> Statement | None:
    """The statement that ended where this one begins and that nobody follows."""
    rows = (
        _with_balances(statement.account)
        .filter(closing_ore=statement.opening_ore, to_day__lte=statement.from_day, after=None)
        .exclude(pk=statement.pk)
    )
    if statement.sequence is not None:
        numbered = rows.filter(sequence=statement.sequence - 1).order_by("-to_day").first()
        if numbered is not None:
            return numbered
    # Only the newest one before it: an older one with the same balance leaves days out.
    newest = (
        _with_balances(statement.account)
        .filter(to_day__lte=statement.from_day)
        .exclude(pk=statement.pk)
        .order_by("-to_day", "-from_day", "-pk")
        .first()
    )
    return rows.filter(pk=newest.pk).first() if newest is not None else None


def balance_before(account: BankAccount, day: date) -> int:
    """What lay on the account when a day began, as far as its lines tell."""
    moved = Line.objects.filter(account=account, booked_on__lt=day)
    return account.opening_ore + (moved.aggregate(ore=Total("amount_ore"))["ore"] or 0)


def _with_balances(account: BankAccount) -> QuerySet[Statement]:
    return Statement.objects.filter(
        account=account, opening_ore__isnull=False, file__state="booked"
    ).select_related("account")


def _watch_balance(account: BankAccount) -> None:
    """A balance below zero is somebody's matter at once."""
    last = _with_balances(account).order_by("-to_day", "-pk").first()
    subject = f"bank_account:{account.ref}"
    if last is not None and (last.closing_ore or 0) < 0:
        exceptions.open_(
            NEGATIVE, subject, entity_id=account.entity_id, amount_ore=last.closing_ore
        )
    else:
        exceptions.solved(NEGATIVE, [subject])


def _subject(statement: Statement) -> str:
    return f"statement:{statement.account.ref}:{statement.from_day.isoformat()}"
