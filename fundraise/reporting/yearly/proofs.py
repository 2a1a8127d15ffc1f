"""Yearly statements against the gifts they list: the same sums, to the öre."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import OK, WAITING, Check
from fundraise.reporting.yearly import queries

_SUMS = """
    SELECT count(*) FROM reporting_yearstatement s
      LEFT JOIN (SELECT statement_id, count(*) AS gifts, sum(given_ore) AS given,
                        sum(back_ore) AS back
                   FROM reporting_statementline GROUP BY statement_id) l ON l.statement_id = s.id
     WHERE (s.gifts, s.given_ore, s.back_ore)
           <> (coalesce(l.gifts, 0), coalesce(l.given, 0), coalesce(l.back, 0))"""
_GIFTS = """
    SELECT count(*) FROM reporting_statementline l
      JOIN reporting_yearstatement s ON s.id = l.statement_id
      JOIN gifts_gift g ON g.id = l.gift_id
     WHERE g.state <> 'received' OR g.entity_id <> s.entity_id OR g.amount_ore <> l.given_ore
        OR extract(year FROM g.received_at AT TIME ZONE 'Europe/Stockholm') <> s.year"""
_NUMBERS = """
    SELECT count(*) FROM (
      SELECT entity_id, year FROM reporting_yearstatement GROUP BY entity_id, year
      HAVING min(number) <> 1 OR max(number) <> count(DISTINCT number)
          OR count(*) FILTER (WHERE version = 1) <> count(DISTINCT number)) gaps"""
_VERSIONS = """
    SELECT count(*) FROM reporting_yearstatement s
      JOIN reporting_yearstatement p ON p.id = s.previous_id
     WHERE (p.entity_id, p.year, p.number, p.version + 1)
           <> (s.entity_id, s.year, s.number, s.version)"""


def checks() -> Iterator[Check]:
    """What must hold of the yearly statements."""
    yield Check("yearly statements: each is the sum of its gifts", 0, _number(_SUMS))
    yield Check("yearly statements: each gift as it is in the gifts", 0, _number(_GIFTS))
    yield Check("yearly statements: numbers are contiguous from 1", 0, _number(_NUMBERS))
    yield Check("yearly statements: each version names the one before", 0, _number(_VERSIONS))
    changed = len(queries.changed_ids())
    yield Check(
        "yearly statements: the newest one is of its year as it is now",
        0,
        changed,
        status=WAITING if changed else OK,
        note="a new version is made tonight" if changed else "",
    )


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: int = cursor.fetchone()[0]
    return found
