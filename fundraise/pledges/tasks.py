"""Celery doors of pledges."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs.services import record_run
from fundraise.pledges.services import days


@shared_task
def work() -> None:
    """Plan instalments, wake pauses, make notices, let go what is too late."""
    with record_run("pledge-days") as counts:
        counts.update(days.work())
