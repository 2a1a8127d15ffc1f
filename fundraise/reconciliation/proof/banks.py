"""Identity A: the books' bank account = the bank's closing balance, and no statement is missing.

On a shared account: opening + ours + others = closing. The books are read by the day of the event,
so that money of a closed month, booked in the next, still stands on the day when the bank moved it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from fundraise import clock
from fundraise.ledger.checks import NOT_APPLICABLE, OK, WAITING, Check
from fundraise.reconciliation.models import BankAccount, ExpectedFile
from fundraise.reconciliation.proof import days

# Of several that end on one day (pages, in whichever order they came) the one that none follows.
_LAST = """
  SELECT s.to_day, s.closing_ore FROM reconciliation_statement s
    JOIN reconciliation_statementfile f ON f.id = s.file_id
   WHERE s.account_id = %s AND f.state = 'booked' AND s.closing_ore IS NOT NULL
   ORDER BY s.to_day DESC, EXISTS (
     SELECT 1 FROM reconciliation_statement n
       JOIN reconciliation_statementfile g ON g.id = n.file_id
      WHERE n.before_id = s.id AND n.to_day = s.to_day AND g.state = 'booked'), s.id DESC
   LIMIT 1"""
_BOOKS = """
  WITH moved AS (
    SELECT CASE WHEN e.debit_account_id = %(account)s THEN e.amount_ore
                ELSE -e.amount_ore END AS ore
      FROM ledger_entry e JOIN ledger_journal j ON j.id = e.journal_id
     WHERE %(account)s IN (e.debit_account_id, e.credit_account_id)
       AND j.event_date <= %(day)s)
  SELECT coalesce(sum(ore), 0) FROM moved"""
_UNBOOKED = """
  SELECT coalesce(sum(l.amount_ore) FILTER (WHERE l.other_books), 0),
         coalesce(sum(l.amount_ore) FILTER (WHERE NOT l.other_books), 0)
    FROM reconciliation_line l JOIN reconciliation_statement s ON s.id = l.statement_id
    JOIN reconciliation_statementfile f ON f.id = s.file_id
   WHERE l.account_id = %s AND l.journal_id IS NULL AND f.state = 'booked' AND l.booked_on <= %s"""
# The first one follows none, and one that overlaps others may begin within what they tell: such a
# one begins where the account's lines ended.
_GAPS = """
  SELECT s.from_day FROM reconciliation_statement s
    JOIN reconciliation_statementfile f ON f.id = s.file_id
    JOIN reconciliation_bankaccount b ON b.id = s.account_id
   WHERE s.account_id = %s AND f.state = 'booked' AND s.opening_ore IS NOT NULL
     AND s.before_id IS NULL
     AND s.opening_ore <> b.opening_ore + coalesce(
       (SELECT sum(l.amount_ore) FROM reconciliation_line l
         WHERE l.account_id = s.account_id AND l.booked_on < s.from_day), 0)
   ORDER BY s.from_day, s.id"""


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far an account's statements reach, and the balance there."""

    day: date
    closing_ore: int


def horizon(account_id: int) -> Horizon | None:
    """The newest booked statement with a balance; None before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [account_id])
        row = cursor.fetchone()
    return Horizon(*row) if row else None


def checks() -> Iterator[Check]:
    """Three lines for each account that is open: balance, chain, newest file."""
    expected = {one.source: one for one in ExpectedFile.objects.all()}
    for account in BankAccount.objects.filter(closed_on=None).order_by("pk"):
        last = horizon(account.pk)
        yield _balance(account, last)
        yield _chain(account)
        yield newest(account, last, expected.get(f"bank:{account.ref}"))


def _balance(account: BankAccount, last: Horizon | None) -> Check:
    name = f"bank {account.name}: ledger = closing balance"
    source = f"bank:{account.ref}"
    if last is None:
        return Check(name, "-", "-", NOT_APPLICABLE, "no statement yet", letter="A",
                     entity_id=account.entity_id, source=source)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS, {"account": account.ledger_account_id, "day": last.day})
        ours = int(cursor.fetchone()[0])
        cursor.execute(_UNBOOKED, [account.pk, last.day])
        others, unclassed = (int(ore) for ore in cursor.fetchone())
    parts = f"ours {ours}, others {others}, not yet classed {unclassed} öre"
    return Check(
        name,
        last.closing_ore,
        ours + others + unclassed,
        note=f"{last.day}: {parts}" if account.is_shared else f"{last.day}",
        letter="A",
        entity_id=account.entity_id,
        source=source,
        rows=(f"bank_account:{account.ref}",),
    )


def _chain(account: BankAccount) -> Check:
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, [account.pk])
        gaps = [day.isoformat() for (day,) in cursor.fetchall()]
    return Check(
        f"bank {account.name}: every statement begins where the one before ended",
        0,
        len(gaps),
        note=", ".join(gaps[:5]),
        letter="A",
        entity_id=account.entity_id,
        source=f"bank:{account.ref}:chain",
        rows=(f"bank_account:{account.ref}",),
    )


def newest(account: BankAccount, last: Horizon | None, plan: ExpectedFile | None) -> Check:
    """Whether the newest expected file is here; never a difference, only a wait."""
    name = f"bank {account.name}: the newest statement is here"
    today = clock.today()
    reached = last.day if last else account.opened_on
    wait = (
        days.waiting(plan.days, plan.late_after_days, last=reached, today=today) if plan else None
    )
    status = OK if wait is None else WAITING
    return Check(
        name,
        0,
        0,
        status,
        f"reaches to {reached}" if last else "no statement yet",
        letter="A",
        entity_id=account.entity_id,
        source=f"bank:{account.ref}:file",
        waiting_for=f"bank:{account.ref}:{wait.day}" if wait else "",
        due_on=wait.due_on if wait else None,
    )
