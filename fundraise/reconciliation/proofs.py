"""What must hold of the bank's lines, their items and what was decided: öre and counts.

Identities of the whole books by account and day stand in the daily proof; these are the rows'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import connection

from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import SINCE, WAITING, WHOLE, Check, left

OPEN = "('new', 'suggested', 'unknown')"
_FAULTS = {
    "bank: every booked line stands in the books with its sum": """
        SELECT count(*) FROM {lines} l
          JOIN reconciliation_bankaccount b ON b.id = l.account_id
          LEFT JOIN ledger_entry e ON e.journal_id = l.journal_id
         WHERE l.journal_id IS NOT NULL
           AND (CASE WHEN e.debit_account_id = b.ledger_account_id THEN e.amount_ore
                     WHEN e.credit_account_id = b.ledger_account_id THEN -e.amount_ore
                     ELSE 0 END) IS DISTINCT FROM l.amount_ore""",
    "bank: the items of a line are its sum": """
        SELECT count(*) FROM (
          SELECT l.id, l.amount_ore FROM {lines} l
            LEFT JOIN reconciliation_item i ON i.line_id = l.id AND i.part_of_id IS NULL
           GROUP BY l.id, l.amount_ore
          HAVING coalesce(sum(i.amount_ore), 0) <> l.amount_ore) wrong""",
    "bank: the parts of a split item are its sum": """
        SELECT count(*) FROM {items} w
         WHERE w.state = 'split' AND w.amount_ore <> coalesce(
           (SELECT sum(p.amount_ore) FROM reconciliation_item p WHERE p.part_of_id = w.id
             AND p.state <> 'joined'), 0)""",
    "bank: an item is decided exactly when one match stands": """
        SELECT count(*) FROM {items} i
         WHERE (i.state = 'matched') <> EXISTS (
           SELECT 1 FROM reconciliation_match m WHERE m.item_id = i.id AND m.state = 'stands')""",
    "bank: every match of a booked file is booked": """
        SELECT count(*) FROM {matches} m
          JOIN reconciliation_item i ON i.id = m.item_id
          JOIN reconciliation_statement s ON s.id = i.statement_id
          JOIN reconciliation_statementfile f ON f.id = s.file_id
         WHERE f.state = 'booked' AND m.state = 'stands' AND m.booked_at IS NULL""",
    "bank: every match has its journal and its gift": """
        SELECT count(*) FROM {matches} m
          LEFT JOIN gifts_gift g ON g.id = m.gift_id
         WHERE m.state = 'stands' AND m.booked_at IS NOT NULL
           AND m.kind NOT IN ('autogiro', 'authority', 'other_books')
           AND ((m.journal_id IS NULL AND (m.kind NOT IN ('gift', 'refund', 'return')
                                           OR m.makes_gift))
                OR (m.kind = 'gift' AND m.gift_id IS NULL))""",
    "bank: a gift that a match made is the item's sum": """
        SELECT count(*) FROM {matches} m
          JOIN reconciliation_item i ON i.id = m.item_id
          JOIN gifts_gift g ON g.id = m.gift_id
         WHERE m.state = 'stands' AND m.booked_at IS NOT NULL AND m.makes_gift
           AND (g.amount_ore <> i.amount_ore OR g.state <> 'received')""",
    "bank: no more of a payout is shown than it is": """
        SELECT count(*) FROM (
          SELECT p.id FROM providers_payout p
            JOIN reconciliation_match m ON m.payout_id = p.id AND m.state = 'stands'
             AND m.payout_id IN (SELECT payout_id FROM {matches} n)
            JOIN reconciliation_item i ON i.id = m.item_id
           GROUP BY p.id, p.amount_ore
          HAVING abs(sum(i.amount_ore)) > abs(p.amount_ore)) wrong""",
    "bank: open items of ours lie in suspense": """
        SELECT count(*) FROM {items} i
          JOIN reconciliation_line l ON l.id = i.line_id
         WHERE l.journal_id IS NOT NULL AND i.state IN ('suggested', 'unknown')
           AND i.suspense_journal_id IS NULL""",
}
# What journals of items and matches left in suspense, and what they should have.
_SUSPENSE = """
  SELECT coalesce(sum(CASE WHEN e.credit_account_id = a.id THEN e.amount_ore
                           ELSE -e.amount_ore END), 0)
    FROM ledger_account a
    JOIN ledger_entry e ON a.id IN (e.debit_account_id, e.credit_account_id)
    JOIN ledger_journal j ON j.id = e.journal_id
    LEFT JOIN ledger_journal o ON o.id = j.reversal_of_id
   WHERE a.role = 'suspense'
     AND (coalesce(o.source, j.source) LIKE 'item:%' OR coalesce(o.source, j.source) LIKE 'match:%'
          OR coalesce(o.document, j.document) LIKE 'bank:%')"""
_OPEN = f"""
  SELECT coalesce(sum(amount_ore), 0) FROM reconciliation_item
   WHERE suspense_journal_id IS NOT NULL AND state IN {OPEN}"""  # noqa: S608
_UNREAD = """
  SELECT count(*) FROM reconciliation_statementfile WHERE state IN ('stored', 'read')"""
_ALL = {
    "lines": "reconciliation_line",
    "items": "reconciliation_item",
    "matches": "reconciliation_match",
}
# Lines that came and items that came or were decided after a checkpoint.
_NEW = {
    "lines": "(SELECT * FROM reconciliation_line WHERE id > {line})",
    "items": "(SELECT * FROM reconciliation_item WHERE id > {item} OR id IN"
    " (SELECT item_id FROM reconciliation_match WHERE id > {match}))",
    "matches": "(SELECT * FROM reconciliation_match WHERE id > {match})",
}
_SUSPENSE_SUMMED = "bank: suspense = open items that are booked"


def checks() -> Iterator[Check]:
    """Lines = items = journals; what lies in suspense is exactly what is open."""
    yield from _each(_ALL, WHOLE)
    yield Check(_SUSPENSE_SUMMED, _one(_OPEN), _one(_SUSPENSE))
    yield _unread()


def checks_since(since: Since) -> Iterator[Check]:
    """New lines, items and matches; the sum of all that went through suspense is left."""
    after = {name: since.after(f"reconciliation_{name}") for name in ("line", "item", "match")}
    yield from _each({name: text.format(**after) for name, text in _NEW.items()}, SINCE)
    yield left(_SUSPENSE_SUMMED)
    yield _unread()


def _each(tables: Mapping[str, str], reach: str) -> Iterator[Check]:
    for name, query in _FAULTS.items():
        yield Check(name, 0, _one(query.format(**tables)), reach=reach)


def _unread() -> Check:
    unread = _one(_UNREAD)
    return Check("bank: files that were not booked", 0, unread, WAITING if unread else "")


def _one(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
