"""The doors for Celery."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs import services as jobs
from mailings.attribution import counting, telling

LATELY = 4  # days


@shared_task
def sweep() -> None:
    """Count what came in the last days and is not counted, or whose giver is known now."""
    with jobs.record_run("attribution-sweep") as counts:
        counts["counted"] = counting.count_left(LATELY)


@shared_task
def nightly() -> None:
    """The same for all time: also gifts that staff tied to a donor long after."""
    with jobs.record_run("attribution-nightly") as counts:
        counts["counted"] = counting.count_left()


@shared_task
def tell_weeks() -> None:
    """Mail last week's figures to who asked; each day, so that a missed Monday is made good."""
    with jobs.record_run("campaign-weeks") as counts:
        counts["told"] = telling.tell_weeks()
