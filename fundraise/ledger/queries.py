"""Reads of the books."""

from __future__ import annotations

from django.db import connection

from fundraise.ledger.models import Journal, LegalEntity


def default_entity() -> LegalEntity:
    """The first legal entity; raises LegalEntity.DoesNotExist before one is made."""
    return LegalEntity.objects.filter(parent=None).order_by("pk")[:1].get()


def balance_ore(entity_id: int, role: str) -> int:
    """Debit less credit, in öre, of an entity's account with a role."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH a AS (SELECT id FROM ledger_account WHERE entity_id = %s AND role = %s)
            SELECT coalesce((SELECT sum(amount_ore) FROM ledger_entry, a
                              WHERE debit_account_id = a.id), 0)
                 - coalesce((SELECT sum(amount_ore) FROM ledger_entry, a
                              WHERE credit_account_id = a.id), 0)
            """,
            [entity_id, role],
        )
        return int(cursor.fetchone()[0])


def is_booked(entity_id: int, source: str) -> bool:
    """Whether a journal with this source stands in an entity's books."""
    return Journal.objects.filter(entity_id=entity_id, source=source).exists()
