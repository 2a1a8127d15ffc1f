"""A charity's year added up in the database: control statements, income and costs, funds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from fundraise.campaigns.models import Fund
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.charity import rules
from fundraise.reporting.charity.models import Cost
from fundraise.reporting.party.sums import roles_ore, span

INCOME = [
    "gifts", "membership", "public_support", "sales", "lottery", "within_party", "other_income",
    "interest",
]  # fmt: skip
# A year's gifts of donors, less what was given back and what the giver got for them.
_GIFTS = """
  SELECT g.donor_id, g.amount_ore - g.refunded_ore - g.disputed_ore
                     - coalesce(r.value_ore, 0) AS ore
    FROM gifts_gift g
    LEFT JOIN charity_inreturn r ON r.gift_id = g.id AND r.withdrawn_at IS NULL
   WHERE g.entity_id = %(entity)s AND g.state = 'received' AND g.donor_id IS NOT NULL
     AND g.received_at >= %(begins)s AND g.received_at < %(ends)s"""
# Persons who gave a number for this, two records with one number as one; the lowest record.
_STATEMENTS = f"""
  WITH numbered AS (
    SELECT i.donor_id, min(o.donor_id) AS first
      FROM donors_identity i
      JOIN donors_identity o ON o.kind = i.kind AND o.value_hash = i.value_hash
     WHERE i.kind = 'personal_number' AND i.reason = 'control_statement'
     GROUP BY i.donor_id)
  SELECT n.first, sum(ore) FROM ({_GIFTS}) g
    JOIN numbered n ON n.donor_id = g.donor_id
   WHERE ore >= %(least)s
   GROUP BY n.first HAVING sum(ore) >= %(year_least)s
   ORDER BY n.first"""  # noqa: S608
_WITHOUT = f"""
  SELECT g.donor_id, sum(ore) FROM ({_GIFTS}) g
    JOIN donors_donor d ON d.id = g.donor_id AND d.kind = 'person' AND d.status <> 'erased'
   WHERE ore >= %(least)s
     AND NOT EXISTS (SELECT 1 FROM donors_identity i WHERE i.donor_id = g.donor_id
                        AND i.kind = 'personal_number' AND i.reason = 'control_statement')
   GROUP BY g.donor_id HAVING sum(ore) >= %(year_least)s
   ORDER BY 2 DESC, 1"""  # noqa: S608
_FUNDS = """
  SELECT f.id,
         coalesce((SELECT sum(g.amount_ore - g.refunded_ore - g.disputed_ore)
                     FROM gifts_gift g JOIN campaigns_campaign c ON c.id = g.campaign_id
                    WHERE c.fund_id = f.id AND g.state = 'received'
                      AND g.received_at >= %(begins)s AND g.received_at < %(ends)s), 0),
         coalesce((SELECT sum(s.amount_ore) FROM charity_fundspend s
                    WHERE s.fund_id = f.id AND s.spent_on >= %(first)s
                      AND s.spent_on <= %(last)s), 0)
    FROM campaigns_fund f WHERE f.entity_id = %(entity)s AND NOT f.is_default
   ORDER BY f.name_sv"""


@dataclass(frozen=True, slots=True)
class FundYear:
    """What came in for a fund, and what was used."""

    fund: Fund
    given_ore: int
    spent_ore: int

    @property
    def left_ore(self) -> int:
        return self.given_ore - self.spent_ore


def limits(year: int) -> rules.Limits:
    """The limits of a year."""
    return rules.limits_on(settings.CHARITY_RULES, year)


def statements(entity_id: int, year: int) -> list[tuple[int, int]]:
    """(donor, öre) of every giver with a control statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENTS, _values(entity_id, year))
        return [(donor, int(ore)) for donor, ore in cursor.fetchall()]


def without_number(entity_id: int, year: int) -> list[tuple[int, int]]:
    """(donor, öre) of persons who gave enough and left no number for this, the largest first."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT, _values(entity_id, year))
        return [(donor, int(ore)) for donor, ore in cursor.fetchall()]


def _values(entity_id: int, year: int) -> dict[str, Any]:
    held = limits(year)
    return {**span(entity_id, year), "least": held.gift_ore, "year_least": held.year_ore}


def cost_share(entity: LegalEntity, year: int) -> rules.CostShare:
    """Fees in our books and typed costs against all income."""
    books = roles_ore(entity.pk, year, [*INCOME, "fees"])
    typed = Cost.objects.filter(entity=entity, year=year, withdrawn_at=None)
    cost = typed.aggregate(ore=Sum("amount_ore"))["ore"] or 0
    income = sum(ore for role, ore in books.items() if role != "fees")
    return rules.CostShare(cost - books.get("fees", 0), income, limits(year).cost_percent)


def funds(entity_id: int, year: int) -> list[FundYear]:
    """Every fund but the default, whose money is bound to nothing, with its year."""
    named = Fund.objects.filter(entity=entity_id).in_bulk()
    with connection.cursor() as cursor:
        cursor.execute(_FUNDS, span(entity_id, year))
        return [
            FundYear(named[pk], int(given), int(spent)) for pk, given, spent in cursor.fetchall()
        ]
