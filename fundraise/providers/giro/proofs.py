"""Autogiro's files against draws, gifts and books (identity D): öre and counts."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import WAITING, Check
from fundraise.providers.giro.models import OutFile

# What payment files say they ask for, and what became of each draw in them.
_ASKED = """
  SELECT coalesce(sum(sum_ore), 0) FROM giro_outfile
   WHERE kind = 'payments' AND state <> 'withdrawn'"""
_BECAME = """
  SELECT coalesce(sum(c.amount_ore) FILTER (WHERE c.state IN ('paid', 'surplus', 'refunded')), 0),
         coalesce(sum(c.amount_ore) FILTER (WHERE c.state IN ('failed', 'cancelled')), 0),
         coalesce(sum(c.amount_ore) FILTER (WHERE c.state NOT IN
           ('paid', 'surplus', 'refunded', 'failed', 'cancelled', 'queued')), 0)
    FROM giro_order o JOIN giro_outfile f ON f.id = o.file_id
    JOIN pledges_collection c ON c.id = o.collection_id
   WHERE o.kind = 'draw' AND f.state <> 'withdrawn'"""
# Rows that the bank says were paid to draws of ours, and the gifts that these became.
_ROWS = """
  SELECT coalesce(sum(r.amount_ore), 0) FROM giro_inrow r
   WHERE r.kind = '82' AND r.code = '0' AND r.result = 'applied'"""
_GIFTS = """
  SELECT coalesce(sum(g.amount_ore), 0) FROM gifts_gift g
    JOIN pledges_collection c ON c.gift_id = g.id
   WHERE EXISTS (SELECT 1 FROM giro_inrow r WHERE r.collection_id = c.id
                 AND r.kind = '82' AND r.code = '0' AND r.result = 'applied')"""
_DEPOSITS = """
  SELECT coalesce(sum((amount_ore - known_ore) * CASE code WHEN '15' THEN 1 ELSE -1 END), 0)
    FROM giro_deposit"""
_FILES = """
  SELECT coalesce(sum(ours_ore + unknown_ore + other_ore), 0) FROM giro_infile
   WHERE kind = 'payment_specification'"""
_OURS = "SELECT coalesce(sum(ours_ore + unknown_ore), 0) FROM giro_infile"
_BOOKED = """
  SELECT coalesce(sum(CASE WHEN e.debit_account_id = a.id THEN e.amount_ore
                           ELSE -e.amount_ore END), 0)
    FROM ledger_entry e JOIN ledger_journal j ON j.id = e.journal_id
    JOIN ledger_account a ON a.role = 'giro_clearing'
     AND a.id IN (e.debit_account_id, e.credit_account_id)
   WHERE j.source LIKE 'giro:%'"""


def checks() -> Iterator[Check]:
    """What was sent, what the bank says and what is booked."""
    with connection.cursor() as cursor:
        asked = _one(cursor, _ASKED)
        cursor.execute(_BECAME)
        paid, over, out = (int(ore) for ore in cursor.fetchone())
        yield Check(
            "autogiro: draws in files = paid + not paid + still out",
            asked,
            paid + over + out,
            note=f"paid {paid}, not paid {over}, still out {out} öre",
            letter="D",
            source="draws",
        )
        yield Check(
            "autogiro: draws that the bank paid = their gifts",
            _one(cursor, _ROWS),
            _one(cursor, _GIFTS),
            letter="D",
            source="gifts",
        )
        yield Check(
            "autogiro: deposits = ours + nobody's + another system's",
            _one(cursor, _DEPOSITS),
            _one(cursor, _FILES),
            letter="D",
            source="deposits",
        )
        yield Check(
            "autogiro: what files brought = what is booked on giro clearing",
            _one(cursor, _OURS),
            _one(cursor, _BOOKED),
            letter="D",
            source="clearing",
        )
    doubt = OutFile.objects.filter(state=OutFile.State.DOUBT).count()
    yield Check(
        "autogiro: files in doubt",
        0,
        doubt,
        WAITING if doubt else "",
        letter="D",
        source="in doubt",
    )


def _one(cursor, query: str) -> int:  # type: ignore[no-untyped-def]
    cursor.execute(query)
    return int(cursor.fetchone()[0])
