"""Gifts against the ledger and the thermometer, to the öre."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import Check

_GIFTS = """
  SELECT coalesce(sum(amount_ore) FILTER (WHERE state = 'received'), 0),
         coalesce(sum(refunded_ore), 0), coalesce(sum(disputed_ore), 0),
         coalesce(sum(fee_ore), 0)
    FROM gifts_gift"""
_INCOME = """
  SELECT coalesce(sum(e.amount_ore * (CASE WHEN ca.role = 'gifts' THEN 1 ELSE -1 END)), 0)
    FROM ledger_entry e
    JOIN ledger_account da ON da.id = e.debit_account_id
    JOIN ledger_account ca ON ca.id = e.credit_account_id
   WHERE (ca.role = 'gifts') <> (da.role = 'gifts')"""
_REFUNDS = """
  SELECT count(*) FROM gifts_gift g
   WHERE g.refunded_ore <> coalesce((SELECT sum(r.amount_ore) FROM gifts_refund r
                                      WHERE r.gift_id = g.id AND r.state = 'settled'), 0)
     AND (g.refunded_ore <> 0 OR EXISTS (SELECT 1 FROM gifts_refund r WHERE r.gift_id = g.id))"""
_DISPUTES = """
  SELECT count(*) FROM gifts_gift g
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
  SELECT count(*) FROM gifts_gift g
    LEFT JOIN (SELECT gift_id, count(*) AS times FROM gifts_gifttransition
                WHERE to_state = 'received' GROUP BY gift_id) t ON t.gift_id = g.id
   WHERE g.state = 'received' AND t.times IS DISTINCT FROM 1"""


def checks() -> Iterator[Check]:
    """Gifts = income postings; refunds, disputes and steps agree with the gifts they are of."""
    with connection.cursor() as cursor:
        cursor.execute(_GIFTS)
        given, refunded, disputed, _fees = (int(value) for value in cursor.fetchone())
        yield Check("gifts less refunds and disputes = income in the ledger",
                    given - refunded - disputed, _one(cursor, _INCOME),
                    letter="C", source="gifts")  # fmt: skip
        yield Check(
            "gifts per campaign and channel = days of the thermometer",
            0,
            _one(cursor, _CHANNELS),
            letter="C",
            source="thermometer",
        )
        yield Check(
            "givers of standing gifts = givers of the thermometer", 0, _one(cursor, _GIVERS)
        )
        yield Check("refunded sums = settled refunds", 0, _one(cursor, _REFUNDS))
        yield Check("disputed sums = what disputes hold", 0, _one(cursor, _DISPUTES))
        yield Check("every received gift was received once", 0, _one(cursor, _TRANSITIONS))


def _one(cursor, query: str) -> int:  # type: ignore[no-untyped-def]
    cursor.execute(query)
    return int(cursor.fetchone()[0])
