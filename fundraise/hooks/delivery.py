"""Send what waits: at least once, with back-off for three days, then a person is told.

A delivery is claimed under a lease and committed before the call, so that nothing of ours is locked
while somebody else thinks; a process that dies leaves it to the next sweep, under the same id.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from fundraise import clock, seal
from fundraise.hooks import calling, services, signing
from fundraise.hooks.models import Delivery, Endpoint
from fundraise.jobs import services as jobs

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)  # longer than a call may last
WAITS = [
    timedelta(seconds=seconds)
    for seconds in (10, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 93_600)
]  # three days in all
FAILED = "webhook-failed"
PAUSE_AFTER = timedelta(days=3)  # without one good answer
KEPT_FOR = timedelta(days=30)
GONE = 410


def deliver(ids: list[int]) -> int:
    """The first try of just noted deliveries. Returns how many were tried."""
    return _deliver_all(Delivery.objects.filter(pk__in=ids, tries=0), most=len(ids))


def deliver_due(now: datetime, *, most: int) -> int:
    """Send what is due, the longest waiting first. Returns how many were tried."""
    return _deliver_all(Delivery.objects.filter(next_try_at__lte=now), most=most)


def _deliver_all(rows: QuerySet[Delivery], *, most: int) -> int:
    """An endpoint that fails is left alone for this round: it must not hold up the others."""
    tried, unwell = 0, set[int]()
    while tried < most:
        seal.check()  # a copied database tells nobody anything, and no try is counted for that
        delivery = _claim(rows, unwell)
        if delivery is None:
            break
        if not _send(delivery):
            unwell.add(delivery.endpoint_id)
        tried += 1
    return tried


def _claim(rows: QuerySet[Delivery], unwell: Collection[int]) -> Delivery | None:
    with transaction.atomic():
        waiting = rows.filter(state=Delivery.State.WAITING, endpoint__is_active=True)
        delivery = (
            waiting.exclude(endpoint__in=unwell)
            .order_by("next_try_at", "pk")
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("endpoint__entity")
            .first()
        )
        if delivery is not None:
            delivery.tries += 1
            delivery.next_try_at = clock.real_now() + LEASE
            delivery.save(update_fields=["tries", "next_try_at"])
    return delivery


def _send(delivery: Delivery) -> bool:
    endpoint, body = delivery.endpoint, body_of(delivery)
    at = int(clock.real_now().timestamp())
    signed = signing.headers(services.secrets_of(endpoint), str(delivery.ref), at, body)
    headers = {"Content-Type": "application/json", "User-Agent": "fundraise-webhooks/1", **signed}
    answer = calling.post(endpoint.url, body, headers)
    if answer.good:
        _note_good(delivery, answer)
    else:
        _note_bad(delivery, answer)
    return answer.good


def body_of(delivery: Delivery) -> bytes:
    """What is sent: what happened to what, by refs; whoever may know more asks the API."""
    told = {
        "id": str(delivery.ref),
        "type": delivery.kind,
        "timestamp": delivery.happened_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "entity": str(delivery.endpoint.entity.ref),
        "data": {delivery.subject: str(delivery.subject_ref)},
    }
    return json.dumps(told, separators=(",", ":")).encode()


def _note_good(delivery: Delivery, answer: calling.Answer) -> None:
    now = clock.real_now()
    _mine(delivery).update(
        state=Delivery.State.DELIVERED, done_at=now, last_status=answer.status, last_error=""
    )
    Endpoint.objects.filter(pk=delivery.endpoint_id).update(well_since=now)
    jobs.resolve_alarms(FAILED, subject=str(delivery.endpoint.ref))


def _note_bad(delivery: Delivery, answer: calling.Answer) -> None:
    now, last = clock.real_now(), delivery.tries > len(WAITS)
    error = answer.error or "refused"
    log.warning(
        "webhook_try_failed", delivery=str(delivery.ref), tries=delivery.tries, code=error,
        status=answer.status,
    )  # fmt: skip
    told = {"last_status": answer.status, "last_error": error}
    if not last:
        wait = WAITS[delivery.tries - 1]
        _mine(delivery).update(next_try_at=now + wait, **told)
    else:
        _mine(delivery).update(state=Delivery.State.FAILED, done_at=now, **told)
        jobs.raise_alarm(FAILED, str(delivery.endpoint.ref), f"{delivery.kind} was given up")
    if answer.status == GONE or (last and delivery.endpoint.well_since < now - PAUSE_AFTER):
        _pause(delivery.endpoint, "gone" if answer.status == GONE else "failing")


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, unless somebody else has taken it since."""
    return Delivery.objects.filter(
        pk=delivery.pk, state=Delivery.State.WAITING, tries=delivery.tries
    )


def _pause(endpoint: Endpoint, why: str) -> None:
    if services.pause(endpoint.pk, why=why, by="system:webhooks"):
        jobs.raise_alarm(services.PAUSED, str(endpoint.ref), "Nothing is sent there any more")


def prune(now: datetime) -> int:
    """Forget what was settled a month ago."""
    return Delivery.objects.filter(done_at__lt=now - KEPT_FOR).delete()[0]
