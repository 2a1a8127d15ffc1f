"""What one legal entity owes another: gifts that came to the wrong account, less what was paid.

A gift meant for another entity is a debt in the receiver's books (2860) and income in the right
one's (1660) from the first journal; the bank's lines of the settlement end both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from fundraise.ledger.models import LegalEntity
from fundraise.ledger.queries import balance_ore

_OWED = """
  SELECT b.entity_id, m.entity_id, sum(i.amount_ore)
    FROM reconciliation_match m JOIN reconciliation_item i ON i.id = m.item_id
    JOIN reconciliation_bankaccount b ON b.id = i.account_id
   WHERE m.state = 'stands' AND m.booked_at IS NOT NULL AND m.kind IN ('gift', 'return')
     AND m.entity_id IS NOT NULL AND m.entity_id <> b.entity_id
   GROUP BY 1, 2"""
_LISTED = """
  SELECT l.entity_id, r.to_entity_id, r.amount_ore
    FROM reconciliation_paymentrow r JOIN reconciliation_paymentlist p ON p.id = r.list_id
    JOIN reconciliation_bankaccount l ON l.id = p.account_id
   WHERE r.is_live AND r.to_entity_id IS NOT NULL"""
# Lines of the bank by which an entity paid another.
_SETTLED = """
  SELECT b.entity_id, m.entity_id, -i.amount_ore
    FROM reconciliation_match m JOIN reconciliation_item i ON i.id = m.item_id
    JOIN reconciliation_bankaccount b ON b.id = i.account_id
   WHERE m.state = 'stands' AND m.booked_at IS NOT NULL AND m.kind = 'settlement'
     AND m.entity_id IS NOT NULL AND i.amount_ore < 0"""
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Debt:
    """`owed_ore` is what came for the other; `listed_ore` what is on a settlement list, or was paid
    without one."""

    debtor: LegalEntity
    creditor: LegalEntity
    owed_ore: int
    listed_ore: int

    @property
    def left_ore(self) -> int:
        """What is still to be put on a list."""
        return self.owed_ore - self.listed_ore


def debts(entities: Collection[int]) -> list[Debt]:
    """Between these entities and others, in either direction, the largest first."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED)
        owed = {(row[0], row[1]): int(row[2]) for row in cursor.fetchall()}
        cursor.execute(_LISTED)
        listed = _by_pair(cursor.fetchall())
        cursor.execute(_SETTLED)
        settled = _by_pair(cursor.fetchall())
    known = LegalEntity.objects.in_bulk({pk for pair in owed for pk in pair})
    found = [
        Debt(known[debtor], known[creditor], ore, _paid((debtor, creditor), listed, settled))
        for (debtor, creditor), ore in owed.items()
        if debtor in entities or creditor in entities
    ]
    return sorted(found, key=lambda debt: (-debt.left_ore, debt.debtor.pk, debt.creditor.pk))


def _by_pair(rows: Iterable[Sequence[int]]) -> dict[Pair, Counter[int]]:
    """How often each sum stands between two."""
    found = defaultdict[Pair, Counter[int]](Counter)
    for debtor, creditor, ore in rows:
        found[debtor, creditor][int(ore)] += 1
    return found


def _paid(
    pair: Pair, listed: Mapping[Pair, Counter[int]], settled: Mapping[Pair, Counter[int]]
) -> int:
    """What is on lists, and what lines show beside them: a line of a row's sum is that row's."""
    rows = listed.get(pair, Counter())
    beside = settled.get(pair, Counter()) - rows
    return sum((rows + beside).elements())


def unpaid(debtor: int, creditor: int, ore: int) -> int:
    """How many rows of that sum between two stand on lists that no line of the bank shows."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTED)
        listed = _by_pair(cursor.fetchall())[debtor, creditor]
        cursor.execute(_SETTLED)
        settled = _by_pair(cursor.fetchall())[debtor, creditor]
    return max(0, listed[ore] - settled[ore])


def owed_now(entity_id: int, *, is_in: bool) -> int:
    """What others owe an entity (that may come in), or what it owes them, as its books say."""
    if is_in:
        return balance_ore(entity_id, "owed_by_entity")
    return -balance_ore(entity_id, "owed_to_entity")
