"""A year's gifts added up by giver in the database, and what the books hold on other accounts.

The same as rules.sum_givers, over a million gifts: what one person gave under two records of the
donor register with the same identity number is one giver's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from fundraise import clock
from fundraise.reporting.party.rules import Contribution, GiverYear, Kind

# What stands of each gift of money of a year, and of each gift in kind.
_PARTS = """
  SELECT g.id, 'money' AS form, g.donor_id, g.giver_key, g.received_at AS at,
         (g.received_at AT TIME ZONE 'Europe/Stockholm')::date AS day,
         g.amount_ore - g.refunded_ore - g.disputed_ore AS ore, g.identified, g.organisation
    FROM gifts_gift g
   WHERE g.entity_id = %(entity)s AND g.state = 'received' AND g.origin <> 'collection'
     AND g.received_at >= %(begins)s AND g.received_at < %(ends)s
     AND g.amount_ore > g.refunded_ore + g.disputed_ore
  UNION ALL
  SELECT k.id, k.form, k.donor_id, NULL, NULL, k.given_on, k.value_ore, false, false
    FROM party_giftinkind k
   WHERE k.entity_id = %(entity)s AND k.withdrawn_at IS NULL
     AND k.given_on >= %(first)s AND k.given_on <= %(last)s"""
# Records of one person in the donor register: the lowest of those with one identity number, or that
# others tie together, by one number with the one and by another with the next.
SAME = """
  WITH RECURSIVE pairs AS (
    SELECT DISTINCT i.donor_id, o.donor_id AS other
      FROM donors_identity i JOIN donors_identity o USING (kind, value_hash)
     WHERE o.donor_id <> i.donor_id),
  reach AS (
    SELECT donor_id, donor_id AS met FROM pairs
     UNION SELECT r.donor_id, p.other FROM reach r JOIN pairs p ON p.donor_id = r.met)
  SELECT donor_id, min(met) AS first FROM reach GROUP BY donor_id"""
# Whose gifts of the register have the e-mail address of a gift that is tied to nobody, where that
# is one person: a giver may have come into the register since.
_OWNER = """
  SELECT g.giver_key, min(coalesce(s.first, g.donor_id)) AS donor_id
    FROM gifts_gift g LEFT JOIN same s ON s.donor_id = g.donor_id
   WHERE g.entity_id = %(entity)s AND g.state = 'received' AND g.donor_id IS NOT NULL
     AND g.giver_key IN (SELECT giver_key FROM part WHERE donor_id IS NULL)
   GROUP BY g.giver_key
   HAVING min(coalesce(s.first, g.donor_id)) = max(coalesce(s.first, g.donor_id))"""
_KNOWN = """
  SELECT p.*, d.id AS donor,
         CASE WHEN p.donor_id IS NOT NULL THEN 'donor:' || coalesce(s.first, p.donor_id)
              WHEN o.donor_id IS NOT NULL THEN 'donor:' || o.donor_id
              WHEN p.giver_key IS NOT NULL THEN 'key:' || encode(p.giver_key, 'hex')
         END AS giver,
         CASE WHEN w.donor_id IS NOT NULL THEN 2
              WHEN d.kind = 'organisation' OR p.organisation THEN 1 ELSE 0 END AS kind,
         p.identified OR d.status <> 'erased' AND (
           EXISTS (SELECT 1 FROM donors_identity i WHERE i.donor_id = d.id)
           OR EXISTS (SELECT 1 FROM donors_contactpoint c
                       WHERE c.donor_id = d.id AND c.kind = 'postal')) AS is_known
    FROM part p
    LEFT JOIN donors_donor d ON d.id = p.donor_id
    LEFT JOIN same s ON s.donor_id = p.donor_id
    LEFT JOIN owner o ON p.donor_id IS NULL AND o.giver_key = p.giver_key
    LEFT JOIN party_withinparty w ON w.donor_id = p.donor_id"""
WITH = f"WITH part AS ({_PARTS}), same AS ({SAME}), owner AS ({_OWNER}), known AS ({_KNOWN})"
_BY_GIVER = f"""
  {WITH}
  SELECT coalesce(giver, form || ':' || id), sum(ore), count(*), max(kind),
         coalesce(bool_or(is_known), false), coalesce(sum(ore) FILTER (WHERE form <> 'money'), 0)
    FROM known GROUP BY 1 ORDER BY 2 DESC, 1"""  # noqa: S608
_ROWS = f"""
  {WITH}
  SELECT id, form, giver, day, ore, kind, coalesce(is_known, false)
    FROM known ORDER BY day, id"""  # noqa: S608
KINDS = (Kind.PERSON, Kind.OTHER, Kind.WITHIN)  # by the number that the database gives them

# Gifts of givers nobody knows, with what is held of them, where the year is above some limit; and
# every gift that something is held of.
_UNKNOWN = f"""
  WITH part AS (
    SELECT g.id, 'money' AS form, g.donor_id, g.giver_key,
           (g.received_at AT TIME ZONE 'Europe/Stockholm')::date AS day,
           g.amount_ore - g.refunded_ore - g.disputed_ore
           + coalesce((SELECT sum(h.amount_ore) FROM party_hold h
                        WHERE h.gift_id = g.id AND h.state = 'held'
                          AND h.why = 'anonymous'), 0) AS ore,
           g.identified, g.organisation
      FROM gifts_gift g
     WHERE g.entity_id = %(entity)s AND g.state = 'received' AND g.origin <> 'collection'
       AND g.received_at >= %(begins)s AND g.received_at < %(ends)s),
  same AS ({SAME}), owner AS ({_OWNER}), known AS ({_KNOWN}),
  years AS (
    SELECT k.*, coalesce(giver, form || ':' || id) AS who,
           sum(ore) OVER whole AS year_ore, coalesce(bool_or(is_known) OVER whole, false) AS told
      FROM known k WHERE ore > 0
    WINDOW whole AS (PARTITION BY coalesce(giver, form || ':' || id)))
  SELECT id, who, day, ore, year_ore, told
    FROM years
   WHERE NOT told AND year_ore > %(above)s
      OR id IN (SELECT gift_id FROM party_hold
                 WHERE why = 'anonymous' AND state IN ('held', 'repaying'))
   ORDER BY who, day, id"""  # noqa: S608

# What the account of a role took in by a year's end, by the journals' accounting date.
_ROLE = """
  SELECT a.role, coalesce(sum(CASE WHEN e.credit_account_id = a.id THEN e.amount_ore
                                   ELSE -e.amount_ore END), 0)
    FROM ledger_account a
    JOIN ledger_entry e ON a.id IN (e.credit_account_id, e.debit_account_id)
    JOIN ledger_journal j ON j.id = e.journal_id
   WHERE a.entity_id = %(entity)s AND a.role = ANY(%(roles)s)
     AND j.accounting_date >= %(first)s AND j.accounting_date <= %(last)s
   GROUP BY a.role"""
# Income of gifts by the day of the event, up to a place in the chain.
_GIFTS = """
  SELECT coalesce(sum(CASE WHEN e.credit_account_id = a.id THEN e.amount_ore
                           ELSE -e.amount_ore END), 0)
    FROM ledger_account a
    JOIN ledger_entry e ON a.id IN (e.credit_account_id, e.debit_account_id)
    JOIN ledger_journal j ON j.id = e.journal_id
   WHERE a.entity_id = %(entity)s AND a.role = 'gifts' AND j.position <= %(position)s
     AND j.event_date >= %(first)s AND j.event_date <= %(last)s"""


def span(entity_id: int, year: int) -> dict[str, Any]:
    """The values that every query of a year takes."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return {
        "entity": entity_id,
        "first": first,
        "last": last,
        "begins": _midnight(first),
        "ends": _midnight(date(year + 1, 1, 1)),
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.STOCKHOLM)


def by_giver(entity_id: int, year: int) -> list[GiverYear]:
    """Each giver's year, the largest first."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_GIVER, span(entity_id, year))
        return [
            GiverYear(giver, int(ore), gifts, KINDS[kind], known, int(in_kind))
            for giver, ore, gifts, kind, known, in_kind in cursor.fetchall()
        ]


def contributions(entity_id: int, year: int) -> Iterator[Contribution]:
    """Every gift of a year one by one, as the plain rules take them."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, span(entity_id, year))
        for pk, form, giver, day, ore, kind, known in cursor.fetchall():
            yield Contribution(pk, giver, day, int(ore), KINDS[kind], known, form)


@dataclass(frozen=True, slots=True)
class UnknownGift:
    """A gift of somebody nobody knows, or one that something is held of (`told`: known now)."""

    id: int
    who: str
    day: date
    ore: int
    year_ore: int
    told: bool


def unknown(entity_id: int, year: int, above_ore: int) -> list[UnknownGift]:
    """Gifts of unknown givers whose year is above a sum, by giver and in the order they came."""
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN, {**span(entity_id, year), "above": above_ore})
        return [
            UnknownGift(pk, who, day, int(ore), int(year_ore), told)
            for pk, who, day, ore, year_ore, told in cursor.fetchall()
        ]


def roles_ore(entity_id: int, year: int, roles: list[str]) -> dict[str, int]:
    """What came in on the accounts of some roles, less what went out."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLE, {**span(entity_id, year), "roles": roles})
        return {role: int(ore) for role, ore in cursor.fetchall()}


def gifts_in_books(entity_id: int, year: int, position: int) -> int:
    """Income of gifts whose event fell in a year, as the books had it at a place of the chain."""
    with connection.cursor() as cursor:
        cursor.execute(_GIFTS, {**span(entity_id, year), "position": position})
        return int(cursor.fetchone()[0])


def gifts_standing(entity_id: int, year: int) -> int:
    """What stands of a year's gifts of money, collections too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount_ore - refunded_ore - disputed_ore), 0) FROM gifts_gift"
            " WHERE entity_id = %(entity)s AND state = 'received'"
            " AND received_at >= %(begins)s AND received_at < %(ends)s",
            span(entity_id, year),
        )
        return int(cursor.fetchone()[0])
