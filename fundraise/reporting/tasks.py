"""What reporting does by itself."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs.services import record_run
from fundraise.reporting.books.earlier import services as earlier
from fundraise.reporting.exports import services
from fundraise.reporting.yearly import services as yearly
from fundraise.reporting.yearly import telling


@shared_task
def tidy_exports() -> None:
    """Delete files taken out whose time has passed, and lists that nobody booked."""
    with record_run("export-tidy") as counts:
        counts["deleted"] = services.forget_expired()
        counts["lists"] = earlier.forget_left_lying()


@shared_task
def renew_year_statements() -> None:
    """New versions of yearly statements whose year has changed since."""
    with record_run("year-statements") as counts:
        counts["issued"] = yearly.renew()
        counts["waiting"] = telling.watch()
