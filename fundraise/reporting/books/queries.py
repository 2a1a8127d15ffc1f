"""Reads of the months of the books."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from fundraise.ledger.models import Journal, LegalEntity, Period
from fundraise.reporting.books.exporting import last_day


@dataclass(frozen=True, slots=True)
class Month:
    """A month: how many journals, their sum (öre), how many of them no SIE file holds yet."""

    first_day: date
    state: str
    journals: int
    sum_ore: int
    left: int


_MONTHS = """
  SELECT m.first, coalesce(p.state, 'open'), m.journals, m.ore, m.left_over
    FROM (SELECT date_trunc('month', j.accounting_date)::date AS first,
                 count(DISTINCT j.id) AS journals, sum(e.amount_ore)::bigint AS ore,
                 count(DISTINCT j.id) FILTER (WHERE NOT s.already_exported
                                                AND x.journal_id IS NULL) AS left_over
            FROM ledger_journal j
            JOIN ledger_series s ON s.id = j.series_id
            JOIN ledger_entry e ON e.journal_id = j.id
            LEFT JOIN books_exportedjournal x ON x.journal_id = j.id
           WHERE j.entity_id = %s AND j.accounting_date BETWEEN %s AND %s
           GROUP BY 1) m
    LEFT JOIN ledger_period p ON p.entity_id = %s AND p.first_day = m.first
   ORDER BY m.first DESC"""


def years(entities: Collection[int]) -> list[int]:
    """The years that hold a journal of any of these, the newest first."""
    rows = Journal.objects.filter(entity__in=entities).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def shut_months(entity: LegalEntity, year: int) -> int:
    """How many months of a year can't be booked into any more."""
    months = Period.objects.filter(entity=entity, first_day__year=year)
    return months.exclude(state=Period.State.OPEN).count()


def months(entity: LegalEntity) -> list[Month]:
    """Every month that has journals, the newest first."""
    return _months(entity, date.min, date.max)


def month(entity: LegalEntity, first_day: date) -> Month:
    """One month, also when nothing is in it."""
    found = _months(entity, first_day, last_day(first_day))
    return found[0] if found else Month(first_day, "open", 0, 0, 0)


def _months(entity: LegalEntity, first: date, last: date) -> list[Month]:
    values: list[Any] = [entity.pk, first, last, entity.pk]
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, values)
        return [Month(*row) for row in cursor.fetchall()]
