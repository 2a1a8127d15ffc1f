"""Tie events to messages that they don't name: by the address's keyed hash.

Links of people who said no to being measured name the appeal alone, and so may what the sender
brings back; the address is one of that appeal's then. A bounce that comes days later names nothing
at all: it is tied to the last mail that went to the address.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from fundraise import clock
from mailings.appeals.models import Appeal
from mailings.suppressions.queries import keys_of

if TYPE_CHECKING:
    from mailings.mail_events.taking import Row

LATE = frozenset({"bounced", "blocked", "complained", "unsubscribed", "dropped"})
LOOKED_BACK = timedelta(days=60)
MOST_APPEALS = 300

_OF_APPEAL = """
  SELECT m.appeal_id, m.email_key, m.seq
    FROM unnest(%s::bigint[], %s::bytea[]) k (appeal_id, email_key)
    JOIN appeals_message m ON m.appeal_id = k.appeal_id AND m.email_key = k.email_key"""
_LAST = """
  SELECT k.place, last.appeal_id, last.seq
    FROM unnest(%s::int[], %s::bytea[], %s::timestamptz[]) k (place, email_key, at)
    CROSS JOIN LATERAL (
      SELECT m.appeal_id, m.seq
        FROM unnest(%s::bigint[]) a (id)
        JOIN appeals_message m ON m.appeal_id = a.id AND m.email_key = k.email_key
        JOIN appeals_batch b ON b.id = m.batch_id
       WHERE m.outcome = '' AND b.posted_at <= k.at + interval '5 minutes'
       ORDER BY b.posted_at DESC LIMIT 1) last"""


def tie(rows: Sequence[Row]) -> Sequence[Row]:
    """The same events, tied to messages as far as they can be."""
    tied = list(rows)
    of_appeal = [n for n, row in enumerate(tied) if row.appeal_id and row.seq is None]
    nameless = [
        n
        for n, row in enumerate(tied)
        if row.appeal_id is None and not row.event.mail and row.event.kind in LATE
    ]
    if of_appeal:
        _by_appeal(tied, of_appeal)
    if nameless:
        _by_last_mail(tied, nameless)
    return tied


def _by_appeal(rows: list[Row], places: list[int]) -> None:
    asked = [
        (rows[place].appeal_id, key) for place in places for key in keys_of(rows[place].event.email)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_OF_APPEAL, [[a for a, _key in asked], [key for _a, key in asked]])
        found = {(appeal, bytes(key)): seq for appeal, key, seq in cursor.fetchall()}
    for place in places:
        row = rows[place]
        for key in keys_of(row.event.email):
            if seq := found.get((row.appeal_id, key)):
                rows[place] = row._replace(seq=seq)


def _by_last_mail(rows: list[Row], places: list[int]) -> None:
    since = clock.now() - LOOKED_BACK
    recent = Appeal.objects.filter(started_at__gte=since).order_by("-started_at")
    appeals = list(recent.values_list("pk", flat=True)[:MOST_APPEALS])
    asked = [(place, key) for place in places for key in keys_of(rows[place].event.email)]
    times = [_time(rows[place].event.epoch) for place, _key in asked]
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST,
            [[place for place, _key in asked], [key for _place, key in asked], times, appeals],
        )
        for place, appeal, seq in cursor.fetchall():
            rows[place] = rows[place]._replace(appeal_id=appeal, seq=seq)


def _time(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
