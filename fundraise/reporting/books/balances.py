"""What each account held before some days, and what moved on it in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from fundraise.ledger.models import LegalEntity

RESULT_FROM = 3000  # accounts of income and cost


@dataclass(frozen=True, slots=True)
class Balance:
    """An account over some days, in öre; opening + debit - credit = closing."""

    number: int
    name: str
    role: str
    opening: int
    debit: int
    credit: int

    @property
    def moved(self) -> int:
        """Debit above zero, credit below."""
        return self.debit - self.credit

    @property
    def closing(self) -> int:
        return self.opening + self.moved

    @property
    def is_of_result(self) -> bool:
        """Whether it is an account of income or cost, which begins each year at nothing."""
        return self.number >= RESULT_FROM


def of_days(entity: LegalEntity, first: date, last: date) -> list[Balance]:
    """Each account that was used until the last day, by number."""
    return of_entities([entity.pk], first, last)[entity.pk]


def of_entities(entities: Collection[int], first: date, last: date) -> dict[int, list[Balance]]:
    """The same of several legal entities by their keys, in one statement."""
    found: dict[int, list[Balance]] = {pk: [] for pk in entities}
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, [first, first, first, last, list(entities)])
        for entity, *row in cursor.fetchall():
            found[entity].append(Balance(*row))
    return found


_BALANCES = """
  WITH moved AS (
    SELECT e.debit_account_id AS account, j.entity_id, j.accounting_date AS day,
           e.amount_ore AS debit, 0::bigint AS credit
      FROM ledger_entry e JOIN ledger_journal j ON j.id = e.journal_id
     UNION ALL
    SELECT e.credit_account_id, j.entity_id, j.accounting_date, 0, e.amount_ore
      FROM ledger_entry e JOIN ledger_journal j ON j.id = e.journal_id)
  SELECT a.entity_id, a.number, a.name, a.role,
         coalesce(sum(m.debit - m.credit) FILTER (WHERE m.day < %s), 0)::bigint,
         coalesce(sum(m.debit) FILTER (WHERE m.day >= %s), 0)::bigint,
         coalesce(sum(m.credit) FILTER (WHERE m.day >= %s), 0)::bigint
    FROM ledger_account a JOIN moved m ON m.account = a.id AND m.day <= %s
   WHERE a.entity_id = ANY(%s) AND m.entity_id = a.entity_id
   GROUP BY a.entity_id, a.number, a.name, a.role ORDER BY a.entity_id, a.number"""
