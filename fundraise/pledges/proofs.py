"""Pledges against gifts: every draw that was paid is one gift, and every period knows its draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import connection

from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import SINCE, WHOLE, Check, left

_DRAWN = """
  SELECT coalesce(sum(g.amount_ore), 0) FROM pledges_collection c
    JOIN gifts_gift g ON g.id = c.gift_id WHERE g.state = 'received' AND g.origin = 'pledge'"""
_GIVEN = "SELECT coalesce(sum(amount_ore), 0) FROM gifts_gift WHERE origin = 'pledge'"
_PAID = """
  SELECT count(*) FROM {instalments} i
   WHERE (i.state = 'paid') <> EXISTS (
     SELECT 1 FROM pledges_collection c
      WHERE c.instalment_id = i.id AND (c.state = 'paid' OR c.state = 'refunded'))"""
_OUT = """
  SELECT count(*) FROM {instalments} i
   WHERE (i.state = 'collecting') <> EXISTS (
     SELECT 1 FROM pledges_collection c WHERE c.instalment_id = i.id
       AND c.state IN ('queued', 'sent', 'trying', 'cancelling', 'doubt'))"""
_UNTOLD = """
  SELECT count(*) FROM {collections} c JOIN pledges_instalment i ON i.id = c.instalment_id
   WHERE c.sent_at IS NOT NULL AND i.notice_id IS NULL AND i.state = 'collecting'"""
# When a stop was written down, under the lock that a draw takes too; a letter came days before.
_AFTER = """
  SELECT count(*) FROM {collections} c WHERE EXISTS (
    SELECT 1 FROM pledges_mandatetransition t WHERE t.mandate_id = c.mandate_id
       AND t.to_state IN ('ending', 'ended') AND t.at < c.sent_at)"""
_ALL = {"instalments": "pledges_instalment", "collections": "pledges_collection"}
# Periods and draws that took a step after a checkpoint.
_NEW = {
    "collections": """(SELECT * FROM pledges_collection WHERE id IN (
      SELECT collection_id FROM pledges_collectiontransition WHERE id > {collection}))""",
    "instalments": """(SELECT * FROM pledges_instalment WHERE id IN (
      SELECT instalment_id FROM pledges_instalmenttransition WHERE id > {instalment}
      UNION SELECT x.instalment_id FROM pledges_collection x
              JOIN pledges_collectiontransition t ON t.collection_id = x.id
             WHERE t.id > {collection}))""",
}
_SUMMED = "pledges: draws that were paid = gifts of pledges"


def checks() -> Iterator[Check]:
    """Identities of pledges; öre and counts."""
    yield Check(_SUMMED, _one(_GIVEN), _one(_DRAWN))
    yield from _each(_ALL, WHOLE)


def checks_since(since: Since) -> Iterator[Check]:
    """Periods and draws that moved; the sum of all draws is left to the whole proof."""
    yield left(_SUMMED)
    after = {
        "collection": since.after("pledges_collectiontransition"),
        "instalment": since.after("pledges_instalmenttransition"),
    }
    yield from _each({name: text.format(**after) for name, text in _NEW.items()}, SINCE)


def _each(tables: Mapping[str, str], reach: str) -> Iterator[Check]:
    faults = {
        "pledges: every paid period has its paid draw": _PAID,
        "pledges: every period that is out has its draw": _OUT,
        "pledges: nothing is out that was not announced": _UNTOLD,
        "pledges: nothing was sent after a stop": _AFTER,
    }
    for name, query in faults.items():
        yield Check(name, 0, _one(query.format(**tables)), reach=reach)


def _one(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
