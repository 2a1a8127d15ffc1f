"""Write a fact; deliver it to its subscribers, at least once each.

A subscriber is a function named in settings.OUTBOX_SUBSCRIBERS that takes the subject's id. It runs
in a transaction of its own with its row locked, in no particular order with others, and may run
twice: it must see for itself whether its work is done. One that calls the outside world
(settings.OUTBOX_OUTSIDE) runs in no transaction, under a lease: nothing of ours is locked while
somebody else thinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from fundraise.outbox import courier
from fundraise.outbox.models import OutboxEvent

log = structlog.get_logger(__name__)

MOST_TRIES = 12
LEASE = timedelta(minutes=5)  # longer than a provider may take to answer
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FAILED = "outbox-failed"
KEPT_FOR = timedelta(days=30)
PRUNED_AT_ONCE = 1000
QUEUED_AT_ONCE = 100  # facts that one task delivers

# Plain SQL: every booked gift waits for it.
_WRITE = """
  INSERT INTO outbox_outboxevent (kind, subject_id, subscriber, state, tries, created_at,
                                  next_try_at, last_error)
  SELECT %s, subject_id, subscriber, 'new', 0, %s, %s, ''
  FROM unnest(%s::bigint[]) subject_id, unnest(%s::text[]) subscriber
  RETURNING id"""


class UnknownEvent(ValueError):
    """settings.OUTBOX_SUBSCRIBERS does not name this kind."""


def write(kind: str, subject_id: int) -> None:
    """Tell the subscribers of `kind` about a subject, in the caller's transaction."""
    write_many(kind, [subject_id])


def write_many(kind: str, subject_ids: Sequence[int]) -> None:
    """The same about many subjects, in one statement and with few tasks, as an import needs."""
    try:
        subscribers = settings.OUTBOX_SUBSCRIBERS[kind]
    except KeyError:
        raise UnknownEvent(kind) from None
    if not subscribers:
        return
    now = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [kind, now, now, list(subject_ids), subscribers])
        ids = [pk for (pk,) in cursor.fetchall()]
    for start in range(0, len(ids), QUEUED_AT_ONCE):
        some = ids[start : start + QUEUED_AT_ONCE]
        transaction.on_commit(partial(_queue, some), robust=True)


def _queue(ids: list[int]) -> None:
    from fundraise.outbox.tasks import deliver as task  # its module imports this one

    courier.send(task, ids)


def deliver(ids: list[int]) -> int:
    """The first try of just written rows; whatever fails is the sweeper's. Returns how many ran."""
    # Not "due now": this clock may be a little behind the writer's.
    return _deliver_all(OutboxEvent.objects.filter(pk__in=ids, tries=0), most=len(ids))


def deliver_due(now: datetime, *, most: int) -> int:
    """Deliver what is due, the longest waiting first. Returns how many ran."""
    return _deliver_all(OutboxEvent.objects.filter(next_try_at__lte=now), most=most)


def _deliver_all(rows: QuerySet[OutboxEvent], *, most: int) -> int:
    ran = 0
    while ran < most and _deliver_next(rows):
        ran += 1
    return ran


def _deliver_next(rows: QuerySet[OutboxEvent]) -> bool:
    with transaction.atomic():
        waiting = rows.filter(state=OutboxEvent.State.NEW).order_by("next_try_at", "pk")
        event = waiting.select_for_update(skip_locked=True).first()
        if event is None:
            return False
        outside = event.subscriber in settings.OUTBOX_OUTSIDE
        if outside:
            _lease(event)
        else:
            _run(event)
    if outside:
        _run(event)
    return True


def _lease(event: OutboxEvent) -> None:
    """Nobody else takes the row for a while; who dies meanwhile leaves it to the sweeper."""
    OutboxEvent.objects.filter(pk=event.pk).update(
        tries=event.tries + 1, next_try_at=clock.real_now() + LEASE
    )


def _run(event: OutboxEvent) -> None:
    try:
        if event.subscriber in settings.OUTBOX_OUTSIDE:
            import_string(event.subscriber)(event.subject_id)
        else:
            with transaction.atomic():
                import_string(event.subscriber)(event.subject_id)
    except Exception as error:
        _note_failure(event, error)
    else:
        _note_done(event)


def _note_done(event: OutboxEvent) -> None:
    OutboxEvent.objects.filter(pk=event.pk).update(
        state=OutboxEvent.State.DONE, done_at=clock.real_now(), tries=event.tries + 1, last_error=""
    )


def _note_failure(event: OutboxEvent, error: Exception) -> None:
    tries = event.tries + 1
    given_up = tries >= MOST_TRIES
    OutboxEvent.objects.filter(pk=event.pk).update(
        tries=tries,
        state=OutboxEvent.State.FAILED if given_up else OutboxEvent.State.NEW,
        next_try_at=clock.real_now() + wait_after(tries),
        last_error=describe(error),
    )
    log.warning(
        "outbox_try_failed",
        event_id=event.pk,
        kind=event.kind,
        subscriber=event.subscriber,
        tries=tries,
        exc_info=error,
    )
    if given_up:
        jobs.raise_alarm(FAILED, event.subscriber, f"{event.kind} was given up after {tries} tries")


def wait_after(tries: int) -> timedelta:
    """30 s after the first failure, doubling to an hour."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)


def retry_failed() -> int:
    """Put what was given up back in line, once its cause is mended. Returns how many."""
    retried = OutboxEvent.objects.filter(state=OutboxEvent.State.FAILED).update(
        state=OutboxEvent.State.NEW, tries=0, next_try_at=clock.real_now()
    )
    jobs.resolve_alarms(FAILED)
    return retried


def prune(now: datetime) -> int:
    """Delete some of what was delivered long ago; what was given up stays."""
    oldest = OutboxEvent.objects.filter(state=OutboxEvent.State.DONE).order_by("pk")
    ids = [
        pk
        for pk, done_at in oldest.values_list("pk", "done_at")[:PRUNED_AT_ONCE]
        if done_at is not None and done_at < now - KEPT_FOR
    ]
    return OutboxEvent.objects.filter(pk__in=ids).delete()[0] if ids else 0
