"""The doors for Celery."""

from __future__ import annotations

from celery import shared_task

from fundraise import clock
from fundraise.jobs import services as jobs
from mailings.inbound import acts, taking, watching

BATCH = 200


@shared_task(name="mailings.inbound.tasks.take")
def take(pk: int) -> None:
    """Work on one mail that has just come in."""
    taking.take(pk)


@shared_task
def sweep() -> None:
    """Work on mails whose task was lost; ring when people wait too long; forget what is over."""
    with jobs.record_run("inbound-sweep") as counts:
        now = clock.real_now()
        counts["taken"] = sum(taking.take(pk) for pk in taking.waiting(now, BATCH))
        counts["overdue"] = watching.watch(now)
        counts["forgotten"] = acts.forget_old()
