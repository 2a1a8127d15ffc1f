"""The doors for Celery."""

from __future__ import annotations

from celery import shared_task

from fundraise import clock
from fundraise.give.mails import moving
from fundraise.give.mine import login, visits
from fundraise.jobs import services as jobs


@shared_task
def tidy() -> None:
    """Forget links that were asked for and visits whose time has passed."""
    with jobs.record_run("my-pages-tidy") as counts:
        now = clock.real_now()
        counts["links"] = login.forget(now)
        counts["visits"] = visits.forget(now)
        counts["address_moves"] = moving.forget(now)
