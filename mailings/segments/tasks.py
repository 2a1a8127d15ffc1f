"""The door for Celery."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs import services as jobs
from mailings.segments import asking


@shared_task
def refresh() -> None:
    """Make profiles anew that may be old, so that the next count has little to do first."""
    with jobs.record_run("segments-refresh") as counts:
        counts["refreshed"] = asking.refresh()
