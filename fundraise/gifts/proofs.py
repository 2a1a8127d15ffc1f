"""Gifts against the ledger and the thermometer, to the öre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import connection

from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import SINCE, WHOLE, Check, left

_GIFTS = """
  SELECT coalesce(sum(amount_ore) FILTER (WHERE state = 'received'), 0),
         coalesce(sum(refunded_ore), 0), coalesce(sum(disputed_ore), 0)
    FROM gifts_gift"""
_INCOME = """
  SELECT coalesce(sum(e.amount_ore * (CASE WHEN ca.role = 'gifts' THEN 1 ELSE -1 END)), 0)
    FROM ledger_entry e
    JOIN ledger_account da ON da.id = e.debit_account_id
    JOIN ledger_account ca ON ca.id = e.credit_account_id
   WHERE (ca.role = 'gifts') <> (da.role = 'gifts')"""
_REFUNDS = """
  SELECT count(*) FROM {gifts} g
   WHERE g.refunded_ore <> coalesce((SELECT sum(r.amount_ore) FROM gifts_refund r
                                      WHERE r.gift_id = g.id AND r.state = 'settled'), 0)
     AND (g.refunded_ore <> 0 OR EXISTS (SELECT 1 FROM gifts_refund r WHERE r.gift_id = g.id))"""
_DISPUTES = """
  SELECT count(*) FROM {gifts} g
   WHERE (g.disputed_ore <> 0 OR EXISTS (SELECT 1 FROM gifts_dispute d WHERE d.gift_id = g.id))
     AND g.disputed_ore <> coalesce((SELECT sum(d.taken_ore) FROM gifts_dispute d
                                      WHERE d.gift_id = g.id), 0)"""
_CHANNELS = """
  WITH given AS (
    SELECT campaign_id, channel, sum(amount_ore - refunded_ore - disputed_ore) AS ore,
           count(*) FILTER (WHERE amount_ore > refunded_ore + disputed_ore) AS gifts
      FROM gifts_gift WHERE state = 'received' GROUP BY campaign_id, channel),
  rolled AS (
    SELECT campaign_id, channel, sum(received_ore) AS ore, sum(gifts) AS gifts
      FROM campaigns_daytotal GROUP BY campaign_id, channel)
  SELECT count(*) FROM given FULL JOIN rolled USING (campaign_id, channel)
   WHERE coalesce(given.ore, 0) <> coalesce(rolled.ore, 0)
      OR coalesce(given.gifts, 0) <> coalesce(rolled.gifts, 0)"""
_GIVERS = """
  WITH standing AS (
    SELECT campaign_id, giver_key, count(*) AS gifts FROM gifts_gift
     WHERE state = 'received' AND giver_key IS NOT NULL
       AND amount_ore > refunded_ore + disputed_ore GROUP BY campaign_id, giver_key)
  SELECT count(*) FROM standing s
    FULL JOIN (SELECT * FROM campaigns_giver WHERE gifts > 0) g
      ON g.campaign_id = s.campaign_id AND g.key = s.giver_key
   WHERE coalesce(s.gifts, 0) <> coalesce(g.gifts, 0)"""
_TRANSITIONS = """
  SELECT count(*) FROM {gifts} g
    LEFT JOIN (SELECT gift_id, count(*) AS times FROM {steps} s
                WHERE to_state = 'received' GROUP BY gift_id) t ON t.gift_id = g.id
   WHERE g.state = 'received' AND t.times IS DISTINCT FROM 1"""
_ALL = {"gifts": "gifts_gift", "steps": "gifts_gifttransition"}
# Gifts that took a step, or of which money went back, after a checkpoint.
_MOVED = """
  SELECT gift_id FROM gifts_gifttransition WHERE id > {gifts_gifttransition}
  UNION SELECT r.gift_id FROM gifts_refund r JOIN gifts_refundtransition t ON t.refund_id = r.id
         WHERE t.id > {gifts_refundtransition}
  UNION SELECT gift_id FROM gifts_dispute WHERE id > {gifts_dispute}"""
_TABLES = ("gifts_gifttransition", "gifts_refundtransition", "gifts_dispute")

_CHANNELS_SUMMED = "gifts per campaign and channel = days of the thermometer"
_GIFTS_SUMMED = "gifts less refunds and disputes = income in the ledger"
_GIVERS_SUMMED = "givers of standing gifts = givers of the thermometer"


def moved_since(since: Since) -> str:
    """A query of the ids of the gifts that moved after a checkpoint."""
    return _MOVED.format(**{table: since.after(table) for table in _TABLES})


def checks() -> Iterator[Check]:
    """Gifts = income postings; refunds, disputes and steps agree with the gifts they are of."""
    with connection.cursor() as cursor:
        cursor.execute(_GIFTS)
        given, refunded, disputed = (int(value) for value in cursor.fetchone())
    yield Check(_GIFTS_SUMMED, given - refunded - disputed, _one(_INCOME),
                letter="C", source="gifts")  # fmt: skip
    yield Check(_CHANNELS_SUMMED, 0, _one(_CHANNELS), letter="C", source="thermometer")
    yield Check(_GIVERS_SUMMED, 0, _one(_GIVERS))
    yield from _each(_ALL, WHOLE)


def checks_since(since: Since) -> Iterator[Check]:
    """Gifts that moved agree with their steps, refunds and disputes; what only the sum of all gifts
    can show is left to the whole proof."""
    moved = moved_since(since)
    yield left(_GIFTS_SUMMED, letter="C", source="gifts")
    yield left(_CHANNELS_SUMMED, letter="C", source="thermometer")
    yield left(_GIVERS_SUMMED)
    new = {
        "gifts": f"(SELECT * FROM gifts_gift WHERE id IN ({moved}))",  # noqa: S608
        "steps": f"(SELECT * FROM gifts_gifttransition WHERE gift_id IN ({moved}))",  # noqa: S608
    }
    yield from _each(new, SINCE)


def _each(tables: Mapping[str, str], reach: str) -> Iterator[Check]:
    """What every gift has to fulfil by itself."""
    faults = {
        "refunded sums = settled refunds": _REFUNDS,
        "disputed sums = what disputes hold": _DISPUTES,
        "every received gift was received once": _TRANSITIONS,
    }
    for name, query in faults.items():
        yield Check(name, 0, _one(query.format(**tables)), reach=reach)


def _one(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
