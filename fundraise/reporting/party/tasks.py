"""What party finance does by itself."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs.services import record_run
from fundraise.reporting.party import watching


@shared_task
def watch() -> None:
    """Hold what may not be kept, look for foreign money, ask who givers are."""
    with record_run("party-watch") as counts:
        watching.watch(counts)
