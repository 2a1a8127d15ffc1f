"""Pledges against gifts: every draw that was paid is one gift, and every period knows its draws."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import Check

_DRAWN = """
  SELECT coalesce(sum(g.amount_ore), 0) FROM pledges_collection c
    JOIN gifts_gift g ON g.id = c.gift_id WHERE g.state = 'received' AND g.origin = 'pledge'"""
_GIVEN = "SELECT coalesce(sum(amount_ore), 0) FROM gifts_gift WHERE origin = 'pledge'"
_PAID = """
  SELECT count(*) FROM pledges_instalment i
   WHERE (i.state = 'paid') <> EXISTS (
     SELECT 1 FROM pledges_collection c
      WHERE c.instalment_id = i.id AND (c.state = 'paid' OR c.state = 'refunded'))"""
_OUT = """
  SELECT count(*) FROM pledges_instalment i
   WHERE (i.state = 'collecting') <> EXISTS (
     SELECT 1 FROM pledges_collection c WHERE c.instalment_id = i.id
       AND c.state IN ('queued', 'sent', 'trying', 'cancelling', 'doubt'))"""
_UNTOLD = """
  SELECT count(*) FROM pledges_collection c JOIN pledges_instalment i ON i.id = c.instalment_id
   WHERE c.sent_at IS NOT NULL AND i.notice_id IS NULL AND i.state = 'collecting'"""
_AFTER = """
  SELECT count(*) FROM pledges_collection c JOIN pledges_mandate m ON m.id = c.mandate_id
   WHERE c.sent_at > m.end_wanted_at"""


def checks() -> Iterator[Check]:
    """Identities of pledges; öre and counts."""
    with connection.cursor() as cursor:
        yield Check("pledges: draws that were paid = gifts of pledges",
                    _one(cursor, _GIVEN), _one(cursor, _DRAWN))  # fmt: skip
        yield Check("pledges: every paid period has its paid draw", 0, _one(cursor, _PAID))
        yield Check("pledges: every period that is out has its draw", 0, _one(cursor, _OUT))
        yield Check("pledges: nothing is out that was not announced", 0, _one(cursor, _UNTOLD))
        yield Check("pledges: nothing was sent after a stop", 0, _one(cursor, _AFTER))


def _one(cursor, query: str) -> int:  # type: ignore[no-untyped-def]
    cursor.execute(query)
    return int(cursor.fetchone()[0])
