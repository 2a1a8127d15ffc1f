"""Kronor by appeal and by none are the thermometer, to the öre; every gift is counted once."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import OK, WAITING, Check

# Left joins from the touches alone: a gift without one, or counted twice, would show.
# Summed before they meet the thermometer, whose row is written at every gift.
_SUMS = """
  WITH sums AS MATERIALIZED (
    SELECT g.campaign_id,
           sum(g.amount_ore - g.refunded_ore - g.disputed_ore)
             FILTER (WHERE touch.appeal_id IS NOT NULL) AS to_appeals,
           sum(g.amount_ore - g.refunded_ore - g.disputed_ore)
             FILTER (WHERE touch.appeal_id IS NULL) AS to_none,
           sum(g.amount_ore - g.refunded_ore - g.disputed_ore)
             FILTER (WHERE touch.gift_id IS NULL) AS uncounted
      FROM gifts_gift g LEFT JOIN attribution_gifttouch touch ON touch.gift_id = g.id
     WHERE g.state = 'received' GROUP BY g.campaign_id)
  SELECT c.slug, t.received_ore, coalesce(s.to_appeals, 0), coalesce(s.to_none, 0),
         coalesce(s.uncounted, 0)
    FROM campaigns_campaign c
    JOIN campaigns_thermometer t ON t.campaign_id = c.id
    LEFT JOIN sums s ON s.campaign_id = c.id
   ORDER BY c.id"""
_STRAY = """
  SELECT count(*) FROM attribution_gifttouch t JOIN gifts_gift g ON g.id = t.gift_id
   WHERE g.state <> 'received'"""
_UNTRUE = """
  SELECT count(*) FROM attribution_gifttouch t
    LEFT JOIN appeals_message m ON m.appeal_id = t.appeal_id AND m.seq = t.seq
   WHERE t.seq IS NOT NULL AND t.way <> 'pledge' AND m.donor_id IS DISTINCT FROM t.donor_id"""


def checks() -> Iterator[Check]:
    """Per campaign the sum; gifts not counted yet wait; no row without its gift and person."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        for slug, received, to_appeals, to_none, uncounted in cursor.fetchall():
            note = f"to appeals {to_appeals}, to none {to_none}, of that not counted {uncounted}"
            yield Check(
                f"attribution {slug}: appeals and none = thermometer",
                received,
                int(to_appeals + to_none),
                note=note,
            )
            yield Check(
                f"attribution {slug}: öre of gifts not counted yet",
                0,
                int(uncounted),
                status=WAITING if uncounted else OK,
            )
        cursor.execute(_STRAY)
        yield Check("attribution: counted without money", 0, cursor.fetchone()[0])
        cursor.execute(_UNTRUE)
        yield Check("attribution: counted to another's message", 0, cursor.fetchone()[0])
