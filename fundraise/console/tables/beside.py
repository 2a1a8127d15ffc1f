"""What files of payouts, monthly gifts and donors have beside their rows, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from fundraise.console.tables.base import Viewer


@dataclass(frozen=True, slots=True)
class PayoutBooks:
    """Where a payout stands: its sums before and after fees, its journal, the bank's lines."""

    gross_ore: int = 0
    fee_ore: int = 0
    voucher: str = ""
    booked_on: date | None = None
    bank_statement: str = ""
    bank_line: str = ""


_PAYOUTS = """
  SELECT x.id, coalesce(n.gross, 0)::bigint, coalesce(n.fee, 0)::bigint,
         coalesce(s.code || j.number, ''), j.accounting_date,
         coalesce(nullif(st.external_id, ''), st.from_day || '/' || st.to_day, ''),
         coalesce(b.at, '')
    FROM providers_payout x
    JOIN providers_account ac ON ac.id = x.account_id
    LEFT JOIN (
      SELECT payout_id, sum(amount_ore) AS gross, sum(fee_ore) AS fee FROM providers_balanceline
       WHERE kind NOT IN ('payout', 'payout_reversal') GROUP BY payout_id) n ON n.payout_id = x.id
    LEFT JOIN LATERAL (
      SELECT p.provider_ref FROM providers_balanceline p
       WHERE p.source_id = x.provider_ref AND p.kind = 'payout' ORDER BY p.id LIMIT 1) pl ON true
    LEFT JOIN ledger_journal j ON j.entity_id = ac.entity_id
          AND j.source = ac.provider || ':line:' || pl.provider_ref
    LEFT JOIN ledger_series s ON s.id = j.series_id
    LEFT JOIN (
      SELECT m.payout_id, min(coalesce(l.statement_id, i.statement_id)) AS statement_id,
             string_agg(coalesce(l.at, i.at), ' ' ORDER BY i.id) AS at
        FROM reconciliation_match m
        JOIN reconciliation_item i ON i.id = m.item_id
        LEFT JOIN reconciliation_line l ON l.id = i.line_id
       WHERE m.payout_id = ANY(%s) AND m.state = 'stands' GROUP BY m.payout_id) b
      ON b.payout_id = x.id
    LEFT JOIN reconciliation_statement st ON st.id = b.statement_id
   WHERE x.id = ANY(%s)"""


def payouts(rows: Sequence[Any], _viewer: Viewer) -> Sequence[Any]:
    """Each payout with its `books`."""
    keys = [row.pk for row in rows]
    found = {key: PayoutBooks(*said) for key, *said in _ask(_PAYOUTS, keys, keys)}
    for row in rows:
        row.books = found.get(row.pk, PayoutBooks())
    return rows


@dataclass(frozen=True, slots=True)
class Given:
    """What has come of something and still stands."""

    gifts: int = 0
    given_ore: int = 0
    first_on: date | None = None
    last_on: date | None = None


_STANDING = """count(*), sum(g.amount_ore - g.refunded_ore - g.disputed_ore)::bigint,
         min((g.received_at AT TIME ZONE 'Europe/Stockholm')::date),
         max((g.received_at AT TIME ZONE 'Europe/Stockholm')::date)"""
_LEFT = "g.state = 'received' AND g.amount_ore > g.refunded_ore + g.disputed_ore"
_OF_PLEDGES = f"""
  SELECT i.pledge_id, {_STANDING}
    FROM pledges_instalment i
    JOIN pledges_collection c ON c.instalment_id = i.id
    JOIN gifts_gift g ON g.id = c.gift_id
   WHERE i.pledge_id = ANY(%s) AND {_LEFT} GROUP BY i.pledge_id"""  # noqa: S608
_OF_DONORS = f"""
  SELECT g.donor_id, {_STANDING} FROM gifts_gift g
   WHERE g.donor_id = ANY(%s) AND g.entity_id = ANY(%s) AND {_LEFT}
   GROUP BY g.donor_id"""  # noqa: S608


def pledges(rows: Sequence[Any], _viewer: Viewer) -> Sequence[Any]:
    """Each monthly gift with what has been `drawn` of it."""
    found = _given(_OF_PLEDGES, [row.pk for row in rows])
    for row in rows:
        row.drawn = found.get(row.pk, Given())
    return rows


def of_donors(keys: Iterable[int], viewer: Viewer) -> Mapping[int, Given]:
    """What each donor has given to the entities whose donors may be taken out."""
    entities = viewer.held.entities("donors.view") & viewer.held.entities("donors.export")
    return _given(_OF_DONORS, list(keys), list(entities))


def _given(query: str, *values: Any) -> dict[int, Given]:
    return {key: Given(*said) for key, *said in _ask(query, *values)}


def _ask(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
