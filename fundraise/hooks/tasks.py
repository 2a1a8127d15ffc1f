"""The doors for Celery."""

from __future__ import annotations

import time

from celery import shared_task

from fundraise import clock
from fundraise.hooks import delivery
from fundraise.jobs import services as jobs

BATCH = 20
SECONDS = 45.0


@shared_task
def deliver(ids: list[int]) -> None:
    """The first try of just noted deliveries."""
    delivery.deliver(ids)


@shared_task
def sweep() -> None:
    """Send what is due, for at most as long as there is until the next sweep; prune."""
    with jobs.record_run("webhook-sweep") as counts:
        counts["tried"] = 0
        stop_at = time.monotonic() + SECONDS
        while time.monotonic() < stop_at:
            tried = delivery.deliver_due(clock.real_now(), most=BATCH)
            counts["tried"] += tried
            if tried < BATCH:
                break
        counts["pruned"] = delivery.prune(clock.real_now())
