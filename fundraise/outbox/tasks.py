"""The doors for Celery."""

from __future__ import annotations

import time

from celery import shared_task

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.outbox import services

BATCH = 100
SECONDS = 45.0


@shared_task
def deliver(ids: list[int]) -> None:
    """The first try of just written rows."""
    services.deliver(ids)


@shared_task
def sweep() -> None:
    """Deliver what is due, for at most as long as there is until the next sweep; prune."""
    with jobs.record_run("outbox-sweep") as counts:
        counts["delivered"] = 0
        stop_at = time.monotonic() + SECONDS
        while time.monotonic() < stop_at:
            ran = services.deliver_due(clock.real_now(), most=BATCH)
            counts["delivered"] += ran
            if ran < BATCH:
                break
        counts["pruned"] = services.prune(clock.real_now())
