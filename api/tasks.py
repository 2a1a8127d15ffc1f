"""The doors for Celery."""

from __future__ import annotations

from celery import shared_task

from api import idempotency
from fundraise.jobs import services as jobs


@shared_task
def tidy() -> None:
    """Forget the answers to writes that are older than a day."""
    with jobs.record_run("api-tidy") as counts:
        counts["forgotten"] = idempotency.tidy()
