"""What reporting does by itself."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs.services import record_run
from fundraise.reporting.exports import services


@shared_task
def tidy_exports() -> None:
    """Delete files taken out whose time has passed."""
    with record_run("export-tidy") as counts:
        counts["deleted"] = services.forget_expired()
