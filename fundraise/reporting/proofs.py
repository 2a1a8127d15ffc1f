"""One receipt per received gift, numbered without gaps."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.gifts.proofs import moved_since
from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import DIFFERS, OK, SINCE, WAITING, WHOLE, Check, left

SUBSCRIBER = "fundraise.reporting.receipts.request_receipt"

# Imported gifts had their thanks where they were given; those of a pledge are told once a year.
_MISSING = """
    SELECT g.id FROM {gifts} g
     WHERE g.state = 'received' AND g.origin NOT IN ('import', 'pledge', 'collection')
       AND NOT EXISTS (SELECT 1 FROM reporting_receipt r WHERE r.gift_id = g.id)"""
_ON_THE_WAY = """
    SELECT count(*) FROM ({missing}) missing
     WHERE EXISTS (SELECT 1 FROM outbox_outboxevent e
                    WHERE e.state = 'new' AND e.kind = 'GiftReceived'
                      AND e.subscriber = %s AND e.subject_id = missing.id)"""
_GAPS = """
    SELECT count(*) FROM (
      SELECT entity_id, year FROM reporting_receipt GROUP BY entity_id, year
      HAVING min(number) <> 1 OR max(number) <> count(*)) gaps"""
_COUNTERS = """
    SELECT count(*) FROM reporting_receiptcounter c
      LEFT JOIN (SELECT entity_id, year, max(number) AS last FROM reporting_receipt
                  GROUP BY entity_id, year) r USING (entity_id, year)
     WHERE c.last_number <> coalesce(r.last, 0)"""
_OF_NO_GIFT = """
    SELECT count(*) FROM reporting_receipt r JOIN gifts_gift g ON g.id = r.gift_id
     WHERE (g.state <> 'received' OR g.entity_id <> r.entity_id)"""
_OF_NO_GIFT_NEW = f"{_OF_NO_GIFT} AND r.id >"


_GAPS_NAME = "receipts: numbers are contiguous from 1"
_COUNTERS_NAME = "receipts: the last number given is the last receipt's"
_OF_NO_GIFT_NAME = "receipts: each is of a received gift of its entity"


def checks() -> Iterator[Check]:
    """What must hold of the receipts."""
    yield _missing("gifts_gift", WHOLE)
    yield Check(_GAPS_NAME, 0, _number(_GAPS))
    yield Check(_COUNTERS_NAME, 0, _number(_COUNTERS))
    yield Check(_OF_NO_GIFT_NAME, 0, _number(_OF_NO_GIFT))


def checks_since(since: Since) -> Iterator[Check]:
    """Gifts that moved and receipts that were made; numbers over the whole year are left."""
    moved = moved_since(since)
    yield _missing(f"(SELECT * FROM gifts_gift WHERE id IN ({moved}))", SINCE)  # noqa: S608
    yield left(_GAPS_NAME)
    yield left(_COUNTERS_NAME)
    new = f"{_OF_NO_GIFT_NEW} {since.after('reporting_receipt')}"
    yield Check(_OF_NO_GIFT_NAME, 0, _number(new), reach=SINCE)


def _missing(gifts: str, reach: str) -> Check:
    without = _MISSING.format(gifts=gifts)
    missing = _number(f"SELECT count(*) FROM ({without}) missing")  # noqa: S608
    waiting = _number(_ON_THE_WAY.format(missing=without), SUBSCRIBER) if missing else 0
    return Check(
        "receipts: every received gift has one",
        0,
        missing,
        status=OK if not missing else WAITING if waiting == missing else DIFFERS,
        note=f"{waiting} on their way in the outbox" if waiting else "",
        letter="F",
        source="receipts",
        reach=reach,
    )


def _number(query: str, *values: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        found: int = cursor.fetchone()[0]
    return found
