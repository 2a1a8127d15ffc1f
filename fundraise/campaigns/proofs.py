"""The thermometer against the ledger, and its rows against each other, to the öre."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import Check

# Gifts less refunds and disputes, as the income account knows them, per campaign and day.
_INCOME = """
  SELECT c.id AS campaign_id, j.accounting_date AS day,
         sum(CASE WHEN ca.role = 'gifts' THEN e.amount_ore ELSE -e.amount_ore END) AS ore
    FROM ledger_entry e
    JOIN ledger_journal j ON j.id = e.journal_id
    JOIN ledger_account da ON da.id = e.debit_account_id
    JOIN ledger_account ca ON ca.id = e.credit_account_id
    JOIN campaigns_campaign c ON c.dimension_id = e.campaign_id
   WHERE (ca.role = 'gifts') <> (da.role = 'gifts')
   GROUP BY c.id, j.accounting_date"""

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
