"""What a charity's reports do by themselves."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs.services import record_run
from fundraise.reporting.charity import asking


@shared_task
def watch() -> None:
    """Ask givers for the number that their control statement wants."""
    with record_run("charity-watch") as counts:
        counts["asked"] = asking.watch()
