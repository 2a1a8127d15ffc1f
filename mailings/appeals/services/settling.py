"""What became of a batch: taken, refused, ready again, in doubt, and how a doubt ends.

Nobody knows whether a request whose answer was lost was taken. It is never sent again by itself:
an event that bears its fence proves that it was taken, a recall that the sender confirmed proves
that it never will be, and otherwise a person decides.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.jobs import services as jobs
from mailings.appeals import queries
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal, Batch, Message
from mailings.appeals.models.sending import CHUNK
from mailings.appeals.services import claiming, recalling
from mailings.senders.base import BulkError, bulk_class

log = structlog.get_logger(__name__)

State = Batch.State
IN_DOUBT = "appeal-in-doubt"
MOST_RECALLS = 10  # at a time, at SendGrid
MOST_WAIT = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=15)
BY_EVENT, BY_ANSWER, BY_RECALL = "event", "answer", "recall"


# --- By the answer --------------------------------------------------------------------------------
def accepted(batch: Batch, reference: str) -> bool:
    """The sender took it over."""
    done = claiming.record(
        batch,
        State.ACCEPTED,
        reference=reference[:120],
        settled_at=clock.real_now(),
        settled_by=BY_ANSWER,
        last_error="",
        lease_until=None,
    )
    if done and batch.state == State.IN_DOUBT:
        close_alarm()
    return done


def refused_one(batch: Batch, words: str) -> bool:
    """The sender refuses the one person who is left in it."""
    with transaction.atomic():
        done = claiming.record(
            batch,
            State.REFUSED,
            settled_at=clock.real_now(),
            settled_by=BY_ANSWER,
            last_error=words[:200],
            lease_until=None,
            sent=0,
        )
        if done:
            _note_all(batch, Message.Outcome.REFUSED)
    return done


def _note_all(batch: Batch, why: str) -> None:
    queries.people_in(batch).update(outcome=why)


def nobody_left(batch: Batch, why: str = "") -> bool:
    """Nothing left the house and nothing will: everybody was left out, or it was cancelled."""
    with transaction.atomic():
        done = claiming.record(
            batch,
            State.CANCELLED,
            settled_at=clock.real_now(),
            settled_by=BY_ANSWER,
            lease_until=None,
            sent=0,
        )
        if done and why:
            _note_all(batch, why)
    return done


def ready_again(batch: Batch, *, after: float | None, words: str) -> bool:
    """It is tried again after so many seconds, or when it is our turn: nothing left the house, or
    the sender takes the same key once."""
    wait = _wait(batch.attempts) if after is None else timedelta(seconds=max(after, 1.0))
    values = {} if bulk_class(batch.sender).idempotent else {"fence": None}
    return claiming.record(
        batch,
        State.READY,
        not_before=clock.real_now() + wait,
        last_error=words[:200],
        lease_until=None,
        **values,
    )


def _wait(attempts: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), MOST_WAIT)


def in_doubt(batch: Batch, words: str) -> bool:
    """The answer was lost. Where the sender takes a key once, the same key is used again."""
    if bulk_class(batch.sender).idempotent:
        return ready_again(batch, after=None, words=words)
    doubted = claiming.record(batch, State.IN_DOUBT, last_error=words[:200], lease_until=None)
    if doubted:
        _ring()
        log.warning("appeal_batch_in_doubt", batch=batch.pk, error=words)
    return doubted


def _ring() -> None:
    jobs.raise_alarm(
        IN_DOUBT, "appeals", "Mails of an appeal may have left or not: see who, and settle it."
    )


def close_alarm() -> None:
    """No doubt, no alarm."""
    if not Batch.objects.filter(state=State.IN_DOUBT).exists():
        jobs.resolve_alarms(IN_DOUBT)


def end_leases(now: datetime) -> int:
    """Whose process died while a request was out: in doubt, or again with the same key."""
    over = list(Batch.objects.filter(state=State.POSTING, lease_until__lt=now).order_by("pk"))
    return sum(in_doubt(batch, "the process ended before the answer") for batch in over)


# --- Ends of a doubt ------------------------------------------------------------------------------


def settle_by_events(fences: list[UUID]) -> int:
    """Events of requests with these fences came: the sender took them, all of each; how many."""
    rows = Batch.objects.filter(fence__in=fences, state__in=[State.POSTING, State.IN_DOUBT])
    settled = rows.update(
        state=State.ACCEPTED,
        settled_at=clock.real_now(),
        settled_by=BY_EVENT,
        last_error="",
        lease_until=None,
    )
    if settled:
        close_alarm()
    return settled


# A batch stands within one chunk. A first try is proved by any word of its messages; a later
# one by a word that is younger than itself.
_PROVED = f"""
UPDATE appeals_batch b SET state = 'accepted', settled_at = %(now)s, settled_by = '{BY_EVENT}',
       last_error = '', lease_until = NULL
 WHERE b.state = 'in_doubt' AND EXISTS (
   SELECT 1 FROM appeals_message m
     JOIN appeals_fate f ON f.appeal_id = m.appeal_id AND f.seq = m.seq
    WHERE m.appeal_id = b.appeal_id AND m.seq BETWEEN b.first_seq AND b.first_seq + %(span)s
      AND m.batch_id = b.id
      AND greatest(f.processed_at, f.deferred_at, f.delivered_at, f.bounced_at, f.blocked_at,
                   f.dropped_at) IS NOT NULL
      AND (b.attempts = 1 OR least(f.processed_at, f.deferred_at, f.delivered_at, f.bounced_at,
                                   f.blocked_at, f.dropped_at)
                             >= date_trunc('second', b.posted_at)))"""  # noqa: S608 - our own words


def settle_by_fates(now: datetime) -> int:
    """What is known of a doubted batch's messages proves that it was taken; how many were.

    Looked at from the doubt's side, so that it does not matter which came first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PROVED, {"now": now, "span": CHUNK})
        settled = int(cursor.rowcount)
    if settled:
        close_alarm()
    return settled


def settle_by_hand(
    batch_id: int, *, left: bool, by: str, why: str, fence: UUID | None = None
) -> bool:
    """Somebody has found out whether it left. If not, it is sent anew, under a new fence.

    False when it was settled meanwhile, or when another try than `fence` is in doubt by now. Raises
    AppealError("needs_reason").
    """
    if not why.strip():
        raise AppealError("needs_reason")
    with transaction.atomic():
        batch = _lock_doubted(batch_id)
        if batch is None or fence not in {None, batch.fence}:
            return False
        _settle(batch, left=left, by=by)
        audit.log_change(
            by=by,
            action="appeal.doubt_settled",
            subject_type="appeal",
            subject_ref=batch.appeal.ref,
            after={"batch": batch.pk, "has_left": left, "mails": batch.sent},
            reason=why,
        )
    close_alarm()
    return True


def _lock_doubted(batch_id: int) -> Batch | None:
    rows = Batch.objects.select_for_update(of=("self",)).select_related("appeal")
    return rows.filter(pk=batch_id, state=State.IN_DOUBT).first()


def _settle(batch: Batch, *, left: bool, by: str) -> None:
    now = clock.real_now()
    rows = Batch.objects.filter(pk=batch.pk)
    if left:
        rows.update(state=State.ACCEPTED, settled_at=now, settled_by=by, last_error="")
    elif batch.appeal.state == Appeal.State.CANCELLED:
        rows.update(state=State.CANCELLED, settled_at=now, settled_by=by, sent=0)
        _note_all(batch, Message.Outcome.CANCELLED)
    else:
        rows.update(state=State.READY, fence=None, not_before=None, settled_by=by)


def recallable(now: datetime) -> list[Batch]:
    """Doubted batches whose own name can still be recalled in time."""
    rows = Batch.objects.filter(
        state=State.IN_DOUBT, send_at__gt=now + recalling.LEAST, wave__recall_id=""
    ).exclude(recall_id="")
    return list(rows.select_related("appeal").order_by("send_at"))


def settle_by_recall(now: datetime) -> int:
    """Call back what is in doubt and send it anew, once the sender has confirmed that."""
    settled = 0
    for batch in recallable(now)[:MOST_RECALLS]:
        try:
            bulk_class(batch.sender)().recall(batch.recall_id)
        except BulkError as error:
            log.warning("appeal_recall_failed", batch=batch.pk, error=str(error))
            continue
        with transaction.atomic():
            doubted = _lock_doubted(batch.pk)
            if doubted is not None and doubted.fence == batch.fence:
                _settle(doubted, left=False, by=BY_RECALL)
                settled += 1
    if settled:
        close_alarm()
    return settled


def old_doubts(now: datetime) -> int:
    """How many batches have been in doubt for too long."""
    since = now - timedelta(hours=settings.APPEAL_DOUBT_HOURS)
    return Batch.objects.filter(state=State.IN_DOUBT, posted_at__lt=since).count()
