"""Identities B, D and E: payouts, autogiro's sums and gifts of the bank against bank lines.

Each is judged up to the day that all of an entity's statements reach; what is younger waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection

from fundraise import bankdays, clock
from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import SINCE, WAITING, WHOLE, Check, left
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.models import BankAccount
from fundraise.reconciliation.proof.banks import horizon

SHOWN = 100
STILL_JUDGED = timedelta(days=14)  # so long a limited proof looks back from what was proved
MONEY_TAKES = 2  # bank days that a sum may be under way between two banks

# Payouts that Stripe calls paid, and what of them has been seen at the bank. A failed one that was
# seen to come and go again sums to nothing.
_PAYOUTS = """
  SELECT p.ref, CASE WHEN p.state IN ('failed', 'canceled') THEN 0 ELSE p.amount_ore END,
         coalesce(sum(i.amount_ore), 0), p.arrives_on
    FROM providers_payout p JOIN providers_account a ON a.id = p.account_id
    LEFT JOIN reconciliation_match m
      ON m.payout_id = p.id AND m.state = 'stands' AND m.booked_at IS NOT NULL
    LEFT JOIN reconciliation_item i ON i.id = m.item_id
   WHERE a.entity_id = %s AND p.arrives_on >= %s
     AND p.state IN ('paid', 'failed', 'canceled')
   GROUP BY p.id ORDER BY p.arrives_on, p.id"""
_DEPOSITS = """
  SELECT d.id, (d.amount_ore - d.known_ore) * CASE d.code WHEN '15' THEN 1 ELSE -1 END,
         coalesce(sum(i.amount_ore), 0), d.day
    FROM giro_deposit d JOIN giro_agreement g ON g.account_id = d.agreement_id
    JOIN providers_account a ON a.id = g.account_id
    LEFT JOIN reconciliation_match m
      ON m.deposit_id = d.id AND m.state = 'stands' AND m.booked_at IS NOT NULL
    LEFT JOIN reconciliation_item i ON i.id = m.item_id
   WHERE a.entity_id = %s AND d.day >= %s AND d.amount_ore <> d.known_ore
   GROUP BY d.id ORDER BY d.day, d.id"""
# Gifts that stand without a bank line behind them; what took one back again does not show it.
_UNSEEN = """
  SELECT g.ref, 0, 1, (g.received_at AT TIME ZONE 'Europe/Stockholm')::date
    FROM gifts_gift g
   WHERE g.entity_id = %s AND g.received_at >= %s AND g.state = 'received'
     AND g.channel IN ('bank', 'swish_number') AND g.origin <> 'import'
     AND g.amount_ore > g.refunded_ore
     AND NOT EXISTS (SELECT 1 FROM reconciliation_match m
                      WHERE m.gift_id = g.id AND m.state = 'stands' AND m.kind = 'gift')
   ORDER BY g.received_at"""
# Credits of the bank that are booked and neither matched nor parked with an age.
_NEITHER = """
  SELECT i.ref, 0, 1, i.booked_on
    FROM reconciliation_item i JOIN reconciliation_bankaccount b ON b.id = i.account_id
    JOIN reconciliation_line l ON l.id = i.line_id AND l.journal_id IS NOT NULL
   WHERE b.entity_id = %s AND i.booked_on >= %s AND i.state NOT IN ('split', 'joined')
     AND i.suspense_journal_id IS NULL
     AND NOT EXISTS (SELECT 1 FROM reconciliation_match m
                      WHERE m.item_id = i.id AND m.state = 'stands')
   ORDER BY i.booked_on"""


class Row(NamedTuple):
    """One thing that a bank line should show, and what of it was seen, in öre."""

    ref: Any
    expected: int
    actual: int
    day: date

    @property
    def due_on(self) -> date:
        """When money of its day has reached the other bank."""
        return bankdays.add(self.day, MONEY_TAKES)

    @property
    def is_wrong(self) -> bool:
        return self.expected != self.actual


def checks() -> Iterator[Check]:
    """For every entity with a bank account, and what entities owe each other."""
    if LegalEntity.objects.count() > 1:
        yield _between_entities()
    yield from _of_entities(None, WHOLE)


def checks_since(since: Since) -> Iterator[Check]:
    """What fell due since a checkpoint, or had not been judged by then; what entities owe each
    other, over all years, is left to the whole proof."""
    if LegalEntity.objects.count() > 1:
        yield left(_BETWEEN, letter="C", source="entities")
    yield from _of_entities(clock.local_date(since.end.at) - STILL_JUDGED, SINCE)


def _of_entities(after: date | None, reach: str) -> Iterator[Check]:
    for entity in LegalEntity.objects.filter(bank_accounts__isnull=False).distinct().order_by("pk"):
        accounts = list(BankAccount.objects.filter(entity=entity, closed_on=None))
        if not accounts:
            continue
        opened = min(account.opened_on for account in accounts)
        reached = [found.day for one in accounts if (found := horizon(one.pk))]
        upto = min(reached) if len(reached) == len(accounts) else opened - timedelta(days=1)
        since = max(opened, min(after, upto - STILL_JUDGED)) if after else opened
        for what in _WHAT:
            tied = _tied(entity, *what[:4], _rows(what[4], entity.pk, since), upto)
            yield replace(tied, reach=reach)


# What came for other entities, in the receiver's books and in the right one's; the bank's lines of
# a settlement end both, each when its own bank shows it.
_MIRRORED = """
  WITH sums AS (
    SELECT coalesce(sum(CASE WHEN c.role = 'owed_to_entity' THEN e.amount_ore
                             WHEN d.role = 'owed_to_entity' THEN -e.amount_ore END), 0) AS owed_to,
           coalesce(sum(CASE WHEN d.role = 'owed_by_entity' THEN e.amount_ore
                             WHEN c.role = 'owed_by_entity' THEN -e.amount_ore END), 0) AS owed_by
      FROM ledger_entry e JOIN ledger_account d ON d.id = e.debit_account_id
      JOIN ledger_account c ON c.id = e.credit_account_id
     WHERE d.role IN ('owed_to_entity', 'owed_by_entity')
        OR c.role IN ('owed_to_entity', 'owed_by_entity')),
  settled AS (
    SELECT coalesce(sum(-i.amount_ore) FILTER (WHERE i.amount_ore < 0), 0) AS went,
           coalesce(sum(i.amount_ore) FILTER (WHERE i.amount_ore > 0), 0) AS came
      FROM reconciliation_match m JOIN reconciliation_item i ON i.id = m.item_id
     WHERE m.kind = 'settlement' AND m.state = 'stands' AND m.booked_at IS NOT NULL)
  SELECT owed_to + went, owed_by + came FROM sums, settled"""


_BETWEEN = "between entities: what is owed = what is to come"


def _between_entities() -> Check:
    """What one entity owes is what the other has to get."""
    with connection.cursor() as cursor:
        cursor.execute(_MIRRORED)
        owed, due = (int(ore) for ore in cursor.fetchone())
    return Check(_BETWEEN, owed, due, letter="C", source="entities")


_WHAT = [
    ("B", "payouts", "payouts that the provider has paid = bank lines", "payout", _PAYOUTS),
    ("D", "bank", "autogiro's sums = bank lines", "deposit", _DEPOSITS),
    ("E", "gifts", "gifts by bank and Swish without a bank line", "gift", _UNSEEN),
    ("E", "items", "bank lines that are neither matched nor in suspense", "item", _NEITHER),
]


def _rows(query: str, entity_id: int, since: date) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, [entity_id, since])
        return [Row(ref, int(a), int(b), day) for ref, a, b, day in cursor.fetchall()]


def _tied(
    entity: LegalEntity,
    letter: str,
    source: str,
    name: str,
    kind: str,
    rows: Sequence[Row],
    upto: date,
) -> Check:
    """What should have been seen by the end of the statements; what may still come waits."""
    settled = [row for row in rows if row.due_on <= upto]
    younger = [row for row in rows if row.due_on > upto and row.is_wrong]
    wrong = [row for row in settled if row.is_wrong]
    expected = sum(row.expected for row in settled)
    actual = sum(row.actual for row in settled)
    if wrong and expected == actual:  # two faults that hide each other are two faults
        expected, actual = 0, len(wrong)
    waits = bool(younger) and not wrong
    return Check(
        f"{entity.slug}: {name}",
        expected,
        actual,
        WAITING if waits else "",
        f"{len(younger)} not yet due" if younger else "",
        letter=letter,
        entity_id=entity.pk,
        source=source,
        rows=tuple(f"{kind}:{row.ref}" for row in (wrong or younger)[:SHOWN]),
        waiting_for=source if waits else "",
        due_on=max([clock.today(), *(row.due_on for row in younger)]) if waits else None,
    )
