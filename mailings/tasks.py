"""The doors for Celery."""

from __future__ import annotations

import time

from celery import shared_task

from fundraise import clock
from fundraise.jobs import services as jobs
from mailings import second_person, transactional
from mailings.monthly import watch

BATCH = 500
SECONDS = 45.0


@shared_task
def send_prepared(pk: int) -> None:
    """Send one mail that was just prepared."""
    transactional.send(pk)


@shared_task
def sweep() -> None:
    """Send what waits, settle what was claimed by a process that died, forget old bodies."""
    with jobs.record_run("mail-sweep") as counts:
        now = clock.real_now()
        counts["leases_ended"] = transactional.end_leases(now)
        counts["sent"] = 0
        stop_at = time.monotonic() + SECONDS
        waiting = transactional.due(now, most=BATCH) if transactional.may_send() else []
        for pk in waiting:
            if time.monotonic() > stop_at:
                break
            counts["sent"] += transactional.send(pk)
        counts["forgotten"] = transactional.forget_bodies(now)


@shared_task
def ask_second_persons() -> None:
    """Mail and remind whoever must answer; ring where nobody can."""
    with jobs.record_run("second-person") as counts:
        counts.update(second_person.ask_all())


@shared_task
def watch_monthly() -> None:
    """Mail what was missed in monthly giving, and ask; ring for notices that are late."""
    with jobs.record_run("monthly-mails") as counts:
        counts.update(watch.work())
