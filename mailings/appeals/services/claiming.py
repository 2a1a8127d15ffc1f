"""Claiming a batch: the one door to `posting`, committed before anything leaves the house.

A claim is a statement that takes the next batch that nobody holds, with a fence of its own and a
lease. What is recorded later names the fence, so that an answer to an older try changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from fundraise import clock, prepared
from fundraise.refs import new_ref
from mailings.appeals.models import Batch, Payload
from mailings.appeals.services import pacing
from mailings.senders.base import BulkSender

LEASE = timedelta(minutes=3)  # more than connecting and reading may take together
State = Batch.State

# Who dies before the last look leaves a doubt about everybody in it.
# Where the sender takes the same key once, the key stays from try to try.
_NAMES = [field.attname for field in Batch._meta.concrete_fields]
_COLUMNS = [field.column for field in Batch._meta.concrete_fields]
_CLAIM = f"""
WITH claimed AS (
UPDATE appeals_batch SET state = 'posting', attempts = attempts + 1, sender = %(sender)s,
       fence = CASE WHEN %(idempotent)s THEN coalesce(fence, %(fence)s) ELSE %(fence)s END,
       sent = CASE WHEN attempts = 0 THEN people ELSE sent END,
       posted_at = %(now)s, lease_until = %(until)s, recall_id = '', send_at = NULL
 WHERE id = (
   SELECT b.id FROM appeals_batch b JOIN appeals_appeal a ON a.id = b.appeal_id
    WHERE b.appeal_id = %(appeal)s AND a.state = 'sending' AND b.state = 'ready'
      AND (b.not_before IS NULL OR b.not_before <= %(now)s) AND b.family <> ALL(%(full)s)
    ORDER BY b.first_seq, b.id FOR UPDATE OF b SKIP LOCKED LIMIT 1)
RETURNING *)
SELECT {", ".join(f"claimed.{column}" for column in _COLUMNS)}, p.sealed
  FROM claimed LEFT JOIN appeals_payload p ON p.batch_id = claimed.id"""  # noqa: S608 - names


def claim(appeal_id: int, sender: BulkSender) -> Batch | None:
    """The next batch of an appeal, ours for a while; None when there is none to send now.

    Call it in no transaction: the claim must be committed before the request leaves.
    """
    now = clock.real_now()
    if not pacing.limits():
        return _claim(appeal_id, sender, now, ())  # one statement, committed when it answers
    with transaction.atomic():
        buckets = pacing.fill(now)
        if buckets.empty:
            return None
        batch = _claim(appeal_id, sender, now, buckets.full)
        if batch is not None:
            buckets.take(batch.family, batch.people)
    return batch


def _claim(appeal_id: int, sender: BulkSender, now: datetime, full: Sequence[str]) -> Batch | None:
    values = {
        "appeal": appeal_id,
        "now": now,
        "until": now + LEASE,
        "fence": new_ref(),
        "sender": sender.name,
        "idempotent": sender.idempotent,
        "full": list(full),
    }
    with prepared.run(_CLAIM, values) as cursor:
        row = cursor.fetchone()
    if row is None:
        return None
    batch = Batch.from_db(connection.alias, _NAMES, row[:-1])
    if row[-1] is not None:
        batch.payload = Payload(batch=batch, sealed=row[-1])
    return batch


def record(batch: Batch, new: str, **values: object) -> bool:
    """Note what became of a try. False when it is another's by now: then nothing changes.

    An answer that comes after the lease settles the doubt that was raised meanwhile.
    """
    known = [State.POSTING] if new == State.IN_DOUBT else [State.POSTING, State.IN_DOUBT]
    columns = ", ".join(f"{name} = %s" for name in ("state", *values))
    statement = (
        f"UPDATE appeals_batch SET {columns} WHERE id = %s AND fence = %s AND state = ANY(%s)"  # noqa: S608 - names of ours
    )
    states = [str(one) for one in known]
    with prepared.run(
        statement, [str(new), *values.values(), batch.pk, fence_of(batch), states]
    ) as cursor:
        return cursor.rowcount == 1


def fence_of(batch: Batch) -> UUID:
    """The fence of a batch that was claimed."""
    if batch.fence is None:
        raise ValueError("a batch that nobody claimed")
    return batch.fence


def fence_holds(batch: Batch) -> bool:
    """Whether the try is still ours; locks the batch until the transaction ends."""
    held = Batch.objects.select_for_update().filter(
        pk=batch.pk, fence=fence_of(batch), state=State.POSTING
    )
    return held.exists()
