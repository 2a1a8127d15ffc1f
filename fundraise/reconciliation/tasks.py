"""What beat runs: the daily proof."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs.services import record_run
from fundraise.reconciliation.models import ProofLine
from fundraise.reconciliation.proof import running


@shared_task
def prove_the_day() -> None:
    """Try every identity of the books, and queue what differs."""
    with record_run("daily-proof") as counts:
        lines = running.run().lines
        counts["checks"] = lines.count()
        counts["differs"] = lines.filter(status=ProofLine.Status.DIFFERS).count()
