"""Celery doors of pledges."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs.services import record_run
from fundraise.pledges import promise
from fundraise.pledges.services import days


@shared_task
def work() -> None:
    """Plan instalments, wake pauses, make notices, let go what is too late."""
    with record_run("pledge-days") as counts:
        counts.update(days.work())


@shared_task
def reckon() -> None:
    """What is promised to each campaign, and its forecast."""
    with record_run("promise-reckoning") as counts:
        counts["changed"] = promise.reckon_now()
