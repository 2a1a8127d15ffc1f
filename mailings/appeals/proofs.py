"""Appeals against their own figures: nobody twice, nobody missed, no rows without an owner."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import Check

# Every prepared person is a message: in a batch, or left out by name.
_LISTS = """
  SELECT count(*) FROM appeals_appeal a
    JOIN (SELECT appeal_id, sum(cardinality(donor_ids)) AS people,
                 coalesce(sum(cardinality(donor_ids)) FILTER (WHERE prepared_at IS NOT NULL), 0)
                   AS prepared
            FROM appeals_chunk GROUP BY appeal_id) c ON c.appeal_id = a.id
    LEFT JOIN (SELECT appeal_id, count(*) AS made FROM appeals_message GROUP BY appeal_id) m
           ON m.appeal_id = a.id
   WHERE a.kind <> 'letter' AND (c.people <> a.frozen OR coalesce(m.made, 0) <> c.prepared)"""
_BATCHES = """
  SELECT count(*) FROM appeals_batch b
    JOIN (SELECT batch_id, count(*) FILTER (WHERE outcome = '') AS people,
                 count(*) FILTER (WHERE outcome = 'refused') AS refused
            FROM appeals_message WHERE batch_id IS NOT NULL GROUP BY batch_id) m
         ON m.batch_id = b.id
   WHERE (b.state IN ('accepted', 'in_doubt') AND m.people <> b.sent)
      OR (b.state IN ('split', 'cancelled', 'refused') AND m.people <> 0)
      OR (m.refused > 0 AND b.state <> 'refused')"""
_ORPHANS = """
  SELECT count(*) FROM appeals_message m
    LEFT JOIN appeals_batch b ON b.id = m.batch_id AND b.appeal_id = m.appeal_id
    LEFT JOIN appeals_appeal a ON a.id = m.appeal_id
   WHERE a.id IS NULL OR (m.batch_id IS NOT NULL AND b.id IS NULL)"""
_ENDED = """
  SELECT count(*) FROM appeals_batch b JOIN appeals_appeal a ON a.id = b.appeal_id
   WHERE a.state IN ('finished', 'cancelled')
     AND (b.state IN ('held', 'ready')
          OR (a.state = 'finished' AND b.state IN ('posting', 'in_doubt')))"""
# What is kept of an end is what its messages say, and nobody who got it lies beyond.
_REACHED = """
  SELECT count(*) FROM appeals_appeal a LEFT JOIN appeals_reached k ON k.appeal_id = a.id
   WHERE CASE WHEN k.appeal_id IS NULL
              THEN a.state = 'finished'
              ELSE k.bits <> appeals_reached_bits(a.id, length(k.bits) / 8)
                OR EXISTS (SELECT FROM appeals_message m JOIN donors_donor d ON d.id = m.donor_id
                            WHERE m.appeal_id = a.id AND m.outcome = ''
                              AND m.donor_id >= 8 * length(k.bits)) END"""


def checks() -> Iterator[Check]:
    """Lists, batches and messages agree."""
    names = {
        "appeals_lists_are_messages": _LISTS,
        "appeals_batches_count_their_messages": _BATCHES,
        "appeals_messages_without_owner": _ORPHANS,
        "appeals_ended_with_batches_open": _ENDED,
        "appeals_reached_are_their_messages": _REACHED,
    }
    with connection.cursor() as cursor:
        for name, sql in names.items():
            cursor.execute(sql)
            yield Check(name, 0, cursor.fetchone()[0])
