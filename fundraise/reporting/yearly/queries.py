"""Reads of yearly statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from fundraise import clock, crypto
from fundraise.reporting.models import YearStatement
from fundraise.reporting.yearly.lines import Holder, gifts_of_year, holder_of


def newest(entity_id: int, year: int, holders: Iterable[Holder]) -> dict[Holder, YearStatement]:
    """The newest statement of each holder that has one."""
    asked = list(holders)
    donors = [one.donor_id for one in asked if one.donor_id is not None]
    keys = [one.giver_key for one in asked if one.donor_id is None]
    rows = YearStatement.objects.filter(
        Q(donor_id__in=donors) | Q(donor_id=None, giver_key__in=keys),
        entity_id=entity_id,
        year=year,
        following=None,
    )
    newest_last = rows.order_by("issued_at", "pk")
    return {holder_of(row.donor_id, row.giver_key): row for row in newest_last}


def standing() -> QuerySet[YearStatement]:
    """The newest version of each."""
    return YearStatement.objects.filter(following=None)


def said(row: YearStatement) -> dict[str, Any]:
    """What a statement says, opened. Raises crypto.CryptoError when a key is missing."""
    plain = crypto.unseal(bytes(row.sealed), context=context_of(row))
    found: dict[str, Any] = json.loads(plain)
    return found


def context_of(row: YearStatement) -> str:
    """What the sealed words of a statement are bound to."""
    return f"year-statement:{row.ref}"


def holders_of_year(entity_id: int, year: int) -> Iterator[Holder]:
    """Everyone who gave in a year or has a statement of it: donors first, then addresses."""
    gifts = gifts_of_year(entity_id, year).order_by()
    issued = YearStatement.objects.filter(entity_id=entity_id, year=year)
    donors = gifts.filter(donor__isnull=False).values_list("donor_id", flat=True)
    stated = issued.filter(donor__isnull=False).values_list("donor_id", flat=True)
    for donor_id in donors.union(stated).order_by("donor_id").iterator():
        yield Holder(donor_id)
    keys = gifts.filter(donor=None, giver_key__isnull=False).values_list("giver_key", flat=True)
    told = issued.filter(donor=None).values_list("giver_key", flat=True)
    for key in keys.union(told).order_by("giver_key").iterator():
        yield holder_of(None, key)


# Of the years that are over: the newest version against what its giver's year holds now.
_CHANGED = """
    WITH stands AS (
      SELECT s.* FROM reporting_yearstatement s
       WHERE s.year < %(year)s
         AND NOT EXISTS (SELECT 1 FROM reporting_yearstatement n WHERE n.previous_id = s.id)),
    now AS (
      SELECT s.id, count(g.id) AS gifts, coalesce(sum(g.amount_ore), 0) AS given,
             coalesce(sum(least(g.amount_ore, g.refunded_ore + g.disputed_ore)), 0) AS back
        FROM stands s LEFT JOIN gifts_gift g
          ON g.entity_id = s.entity_id AND g.state = 'received'
         AND (g.donor_id = s.donor_id
              OR s.donor_id IS NULL AND g.donor_id IS NULL AND g.giver_key = s.giver_key)
         AND g.received_at >= make_timestamptz(s.year, 1, 1, 0, 0, 0, 'Europe/Stockholm')
         AND g.received_at < make_timestamptz(s.year + 1, 1, 1, 0, 0, 0, 'Europe/Stockholm')
       GROUP BY s.id)
    SELECT s.id FROM stands s JOIN now USING (id)
     WHERE (s.gifts, s.given_ore, s.back_ore) <> (now.gifts, now.given, now.back)
     ORDER BY s.id"""


def changed_ids() -> list[int]:
    """Statements of years that are over whose gifts have changed since they were issued."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"year": clock.today().year})
        return [key for (key,) in cursor.fetchall()]
