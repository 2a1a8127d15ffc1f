"""Celery doors of the providers: a task carries an id, may run twice and may be lost."""

from __future__ import annotations

from datetime import timedelta

import structlog
from celery import shared_task
from django.db.models import F, Q

from fundraise import clock
from fundraise.gifts import services as gifts
from fundraise.jobs.services import record_run
from fundraise.providers import intake, pull, refunding, services
from fundraise.providers.base import ProviderError, ProviderUnavailable
from fundraise.providers.models import Attempt

log = structlog.get_logger(__name__)

ASK_OPEN_AFTER = timedelta(minutes=10)
START_LOST_AFTER = timedelta(minutes=5)
BATCH = 200


@shared_task
def process_event(event_pk: int) -> None:
    """Work on one stored message."""
    intake.process(event_pk)


@shared_task
def sweep_events() -> None:
    """Work on stored messages whose task was lost or whose time has come again."""
    with record_run("provider-event-sweep") as counts:
        due = intake.due(clock.real_now() - timedelta(seconds=10), most=BATCH)
        counts["due"] = len(due)
        counts["done"] = sum(intake.process(pk) for pk in due)
        counts["pruned"] = intake.prune(clock.real_now())


@shared_task
def sweep_attempts() -> None:
    """Ask about attempts that have been open for long, and end those whose start was lost."""
    with record_run("open-attempt-sweep") as counts:
        now = clock.now()
        open_long = Attempt.objects.filter(
            Q(asked_at=None) | Q(asked_at__lt=now - ASK_OPEN_AFTER),
            state=Attempt.State.OPEN,
            created_at__lt=now - ASK_OPEN_AFTER,
        )
        lost = Attempt.objects.filter(
            state=Attempt.State.CREATED, created_at__lt=now - START_LOST_AFTER
        )
        counts["asked"] = sum(
            _ask(attempt)
            for attempt in open_long.order_by(F("asked_at").asc(nulls_first=True))[:BATCH]
        )
        counts["ended"] = sum(_end(attempt) for attempt in lost.order_by("created_at")[:BATCH])
        counts["forgotten"] = services.forget_requests(now) + gifts.forget_details(now)


def _ask(attempt: Attempt) -> bool:
    Attempt.objects.filter(pk=attempt.pk).update(asked_at=clock.now())
    try:
        services.ask_attempt(attempt)
    except ProviderError as error:
        log.warning("attempt_unanswered", attempt=attempt.pk, code=error.code)
        return False
    return True


def _end(attempt: Attempt) -> bool:
    try:
        services.resume_attempt(attempt)
    except (ProviderError, ProviderUnavailable) as error:
        log.warning("attempt_unanswered", attempt=attempt.pk, error=type(error).__name__)
        return False
    return True


@shared_task
def sweep_refunds() -> None:
    """Send refunds that the outbox could not."""
    with record_run("refund-sweep") as counts:
        counts["sent"] = 0
        for refund_pk in refunding.waiting():
            try:
                refunding.send_refund(refund_pk)
                counts["sent"] += 1
            except ProviderError as error:
                log.warning("refund_unanswered", refund=refund_pk, code=error.code)


@shared_task
def nightly_pull() -> None:
    """Fetch what moved every account's balance, and with it what no event told us."""
    with record_run("nightly-pull") as counts:
        counts.update(pull.pull_all())
