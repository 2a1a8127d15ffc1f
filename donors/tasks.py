"""Celery doors: a task carries an id, may run twice and may be lost."""

from __future__ import annotations

from celery import shared_task

from donors.importing import running, services
from fundraise import clock
from fundraise.jobs.services import record_run
from fundraise.outbox import courier


@shared_task
def work_on_import(run_id: int) -> None:
    """Work on one member list; what is left when the time is up is queued again."""
    if not running.work(run_id) and run_id in running.due():
        courier.send(work_on_import, run_id)


@shared_task
def sweep_imports() -> None:
    """Work on lists whose task or worker was lost; throw away files whose time is over."""
    with record_run("import-sweep") as counts:
        counts["forgotten"] = services.forget_files(clock.today())
        counts["taken_up"] = sum(running.work(run_id, seconds=30.0) for run_id in running.due())
