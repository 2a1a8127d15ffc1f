"""The door for Celery."""

from __future__ import annotations

from celery import shared_task

from fundraise import clock
from fundraise.jobs import services as jobs
from mailings.journeys import services


@shared_task
def walk_journeys() -> None:
    """Let people into journeys and send what is due."""
    with jobs.record_run("journeys") as counts:
        counts.update(services.work(clock.now()))
