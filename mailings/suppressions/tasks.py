"""The doors for Celery."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs import services as jobs
from mailings.senders.sendgrid import calls
from mailings.suppressions import agreeing


@shared_task
def check() -> None:
    """Compare SendGrid's lists with ours; a call that fails leaves everything as it was found."""
    with jobs.record_run(agreeing.JOB) as counts:
        counts.update(agreeing.agree(calls.listed()))
