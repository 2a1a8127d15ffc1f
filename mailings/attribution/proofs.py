"""Kronor by appeal and by none are the thermometer, to the öre; every gift is counted once."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import OK, WAITING, Check

# Left joins from the touches alone: a gift without one, or counted twice, would show.
_SUMS = """
  SELECT c.slug, t.received_ore,
         coalesce(sum(g.ore) FILTER (WHERE g.appeal_id IS NOT NULL), 0),
         coalesce(sum(g.ore) FILTER (WHERE g.appeal_id IS NULL), 0),
         coalesce(sum(g.ore) FILTER (WHERE g.uncounted), 0)
    FROM campaigns_campaign c
    JOIN campaigns_thermometer t ON t.campaign_id = c.id
    LEFT JOIN LATERAL (
      SELECT g.amount_ore - g.refunded_ore - g.disputed_ore AS ore, touch.appeal_id,
             touch.gift_id IS NULL AS uncounted
        FROM gifts_gift g LEFT JOIN attribution_gifttouch touch ON touch.gift_id = g.id
       WHERE g.campaign_id = c.id AND g.state = 'received') g ON true
   GROUP BY c.id, c.slug, t.received_ore ORDER BY c.id"""
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
