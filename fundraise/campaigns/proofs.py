"""The thermometer against the ledger, and its rows against each other, to the öre."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import SINCE, Check, left

# Gifts less refunds and disputes, as the income account knows them, per campaign and day.
_INCOME_OF = """
  SELECT c.id AS campaign_id, j.accounting_date AS day,
         sum(CASE WHEN ca.role = 'gifts' THEN e.amount_ore ELSE -e.amount_ore END) AS ore
    FROM ledger_entry e
    JOIN ledger_journal j ON j.id = e.journal_id
    JOIN ledger_account da ON da.id = e.debit_account_id
    JOIN ledger_account ca ON ca.id = e.credit_account_id
    JOIN campaigns_campaign c ON c.dimension_id = e.campaign_id
   WHERE (ca.role = 'gifts') <> (da.role = 'gifts') {days}
   GROUP BY c.id, j.accounting_date"""
_INCOME = _INCOME_OF.format(days="")

_BY_CAMPAIGN = f"""
  WITH income AS MATERIALIZED ({_INCOME}),
  days AS (SELECT campaign_id, day, sum(received_ore) AS ore, sum(gifts) AS gifts
             FROM campaigns_daytotal GROUP BY campaign_id, day)
  SELECT c.slug, t.received_ore,
         coalesce((SELECT sum(ore) FROM income i WHERE i.campaign_id = c.id), 0),
         coalesce((SELECT sum(ore) FROM days d WHERE d.campaign_id = c.id), 0),
         t.gifts,
         coalesce((SELECT sum(gifts) FROM days d WHERE d.campaign_id = c.id), 0),
         t.donors,
         (SELECT count(*) FROM campaigns_giver g WHERE g.campaign_id = c.id AND g.gifts > 0),
         (SELECT count(*) FROM days d FULL JOIN income i USING (campaign_id, day)
           WHERE campaign_id = c.id AND coalesce(d.ore, 0) <> coalesce(i.ore, 0))
    FROM campaigns_campaign c JOIN campaigns_thermometer t ON t.campaign_id = c.id
   ORDER BY c.id"""  # noqa: S608 - both parts are constants of this file


def checks() -> Iterator[Check]:
    """Per campaign: thermometer = ledger = days, gifts = days, donors = givers that stand."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_CAMPAIGN)
        for slug, received, income, days, gifts, day_gifts, donors, givers, wrong in cursor:
            yield Check(
                f"thermometer {slug}: received = ledger",
                int(income),
                received,
                letter="C",
                source=f"campaign:{slug}",
            )
            yield Check(f"thermometer {slug}: received = sum of days", int(days), received)
            yield Check(f"thermometer {slug}: days that differ from the ledger", 0, wrong)
            yield Check(f"thermometer {slug}: gifts = sum of days", int(day_gifts), gifts)
            yield Check(f"thermometer {slug}: donors = givers that stand", givers, donors)


# The days of the books in which journals after a checkpoint stand: those are added up anew, whole.
_NEW_DAYS = """
  SELECT DISTINCT accounting_date FROM ledger_journal WHERE entity_id = %s AND position > %s"""
_DAYS_THAT_DIFFER = f"""
  WITH income AS MATERIALIZED (
    {_INCOME_OF.format(days="AND j.entity_id = %(entity)s AND j.accounting_date = ANY(%(days)s)")}),
  days AS (SELECT t.campaign_id, t.day, sum(t.received_ore) AS ore
             FROM campaigns_daytotal t JOIN campaigns_campaign c ON c.id = t.campaign_id
            WHERE c.entity_id = %(entity)s AND t.day = ANY(%(days)s)
            GROUP BY t.campaign_id, t.day)
  SELECT campaign_id, count(*) FROM days d FULL JOIN income i USING (campaign_id, day)
   WHERE coalesce(d.ore, 0) <> coalesce(i.ore, 0) GROUP BY campaign_id"""  # noqa: S608
_WARM = """
  SELECT c.id, c.slug, c.dimension_id, t.received_ore, t.gifts,
         coalesce(sum(d.received_ore), 0), coalesce(sum(d.gifts), 0)
    FROM campaigns_campaign c JOIN campaigns_thermometer t ON t.campaign_id = c.id
    LEFT JOIN campaigns_daytotal d ON d.campaign_id = c.id
   GROUP BY c.id, c.slug, c.dimension_id, t.received_ore, t.gifts ORDER BY c.id"""


def checks_since(since: Since) -> Iterator[Check]:
    """The thermometer against the checkpoint's income and what was booked since; the days of new
    journals against the ledger, every entry of theirs. Givers are left to the whole proof."""
    income, wrong = since.income_ore(), _days_that_differ(since)
    with connection.cursor() as cursor:
        cursor.execute(_WARM)
        rows = cursor.fetchall()
    for pk, slug, dimension, received, gifts, day_ore, day_gifts in rows:
        name = f"thermometer {slug}"
        yield Check(f"{name}: received = ledger", income[dimension], received,
                    letter="C", source=f"campaign:{slug}", reach=SINCE)  # fmt: skip
        yield Check(f"{name}: received = sum of days", int(day_ore), received)
        yield Check(f"{name}: days that differ from the ledger", 0, wrong[pk], reach=SINCE)
        yield Check(f"{name}: gifts = sum of days", int(day_gifts), gifts)
        yield left(f"{name}: donors = givers that stand")


def _days_that_differ(since: Since) -> Counter[int]:
    found: Counter[int] = Counter()
    with connection.cursor() as cursor:
        for entity_id, head in since.now.items():
            then = since.head(entity_id)
            if head.position == then.position:
                continue
            cursor.execute(_NEW_DAYS, [entity_id, then.position])
            days = [day for (day,) in cursor.fetchall()]
            cursor.execute(_DAYS_THAT_DIFFER, {"entity": entity_id, "days": days})
            found.update(dict(cursor.fetchall()))
    return found
