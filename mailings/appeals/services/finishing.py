"""The end: an appeal is finished when everybody is accounted for, which the database checks too."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.jobs import services as jobs
from mailings.appeals import quiet
from mailings.appeals.locks import lock_appeal_by_id
from mailings.appeals.models import Appeal, Batch, Chunk, Payload, Wave
from mailings.appeals.moving import move
from mailings.appeals.states import UNSETTLED_BATCH

log = structlog.get_logger(__name__)

State = Appeal.State
UNBALANCED, STUCK = "appeal-unbalanced", "appeal-stuck"
QUIET_FOR = timedelta(hours=3)  # without a batch moved, while something could be sent
SYSTEM = "system:appeals"
FORGOTTEN_AT_ONCE = 500


def finish(appeal_id: int) -> bool:
    """End an appeal that has nothing left to do. False when it has.

    The database refuses where frozen people are not all accepted, refused or left out by name: that
    rings, and nothing is hidden.
    """
    try:
        with transaction.atomic():
            appeal = lock_appeal_by_id(appeal_id)
            if appeal.state != State.SENDING or _has_more(appeal):
                return False
            move(appeal, State.FINISHED, by=SYSTEM, changes={"ended_at": clock.now()})
    except IntegrityError as error:
        log.error("appeal_unbalanced", appeal=appeal_id, error=str(error).partition("\n")[0])
        jobs.raise_alarm(
            UNBALANCED, str(appeal_id), "An appeal's figures don't add up: it stays unfinished."
        )
        return False
    jobs.resolve_alarms(UNBALANCED, subject=str(appeal_id))
    return True


def _has_more(appeal: Appeal) -> bool:
    return (
        Wave.objects.filter(appeal=appeal, state=Wave.State.HELD, people__gt=0).exists()
        or Batch.objects.filter(appeal=appeal, state__in=UNSETTLED_BATCH).exists()
        or Chunk.objects.filter(appeal=appeal, prepared_at=None).exists()
    )


def watch_for_stuck(now: datetime) -> int:
    """Ring for appeals in which nothing has moved for long, though something waits."""
    stuck = [one for one in Appeal.objects.filter(state__in=[State.PREPARING, State.SENDING])
             if _is_stuck(one, now)]  # fmt: skip
    for appeal in stuck:
        jobs.raise_alarm(STUCK, str(appeal.ref), "An appeal has not moved for hours.")
    jobs.resolve_alarms(STUCK, but={str(one.ref) for one in stuck})
    return len(stuck)


def _is_stuck(appeal: Appeal, now: datetime) -> bool:
    if not appeal.quiet_reason and quiet.now(appeal.zone):
        return False
    ready = Batch.objects.filter(appeal=appeal, state=Batch.State.READY)
    if appeal.state == State.SENDING and not ready.exclude(not_before__gt=now).exists():
        return False
    moved = Batch.objects.filter(appeal=appeal).exclude(posted_at=None).order_by("-posted_at")
    last = moved.values_list("posted_at", flat=True).first()
    since = last or appeal.transitions.order_by("-at").values_list("at", flat=True).first()
    return since is not None and since < now - QUIET_FOR


def forget_payloads(now: datetime) -> int:
    """Delete addresses and values of appeals that ended some days ago, a part at a time."""
    over = Appeal.objects.filter(ended_at__lt=now - timedelta(days=settings.APPEAL_PAYLOAD_DAYS))
    kept = Payload.objects.filter(batch__appeal__in=over).exclude(batch__state=Batch.State.IN_DOUBT)
    forgotten = list(kept.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    Payload.objects.filter(pk__in=forgotten).delete()
    return len(forgotten)
