"""The door for Celery."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs import services as jobs
from mailings.trials import looking


@shared_task
def look_at_trials() -> None:
    """Look at running trials of versions, and decide what can be decided."""
    with jobs.record_run("trials") as counts:
        counts.update(looking.look_at_all())
