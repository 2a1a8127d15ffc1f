"""Run records, alarms, and the clock of demo and test mode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.module_loading import import_string

from fundraise import clock
from fundraise.jobs import offset
from fundraise.jobs.models import Alarm, ClockOffset, Job, JobRun
from fundraise.logs import describe

log = structlog.get_logger(__name__)

Counts = dict[str, int]


@contextmanager
def record_run(name: str) -> Iterator[Counts]:
    """Leave a record of one run of a job; what the body puts into the counts is kept with it.

    Works as a decorator too: `@record_run("nightly-pull")`. The body must not be in a transaction
    of the caller, or the record of a failure goes with it.
    """
    run = JobRun.objects.create(name=name, started_at=clock.real_now())
    counts: Counts = {}
    try:
        yield counts
    except BaseException as error:
        _finish(run, JobRun.State.FAILED, counts, describe(error))
        raise
    _finish(run, JobRun.State.DONE, counts)


def _finish(run: JobRun, state: str, counts: Counts, error: str = "") -> None:
    now = clock.real_now()
    try:
        JobRun.objects.filter(pk=run.pk).update(
            state=state, finished_at=now, counts=counts, error=error
        )
        if state == JobRun.State.DONE:
            _saw(run.name, last_done_at=True)
    except DatabaseError as lost:
        if not error:
            raise
        # The job's own error is the one to show; the watch ends the record later.
        log.warning("job_run_not_recorded", job=run.name, error=describe(lost))


def _saw(*names: str, last_done_at: bool = False) -> None:
    now = clock.real_now()
    rows = [
        Job(name=name, first_seen_at=now, last_done_at=now if last_done_at else None)
        for name in names
    ]
    if last_done_at:
        Job.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["name"], update_fields=["last_done_at"]
        )
    else:
        Job.objects.bulk_create(rows, ignore_conflicts=True)


def know_the_jobs() -> None:
    """Note since when each job of settings.JOBS is expected to run."""
    _saw(*settings.JOBS)


def count_jobs_anew() -> None:
    """A demo begins again after it was off: what could not run then is not late now.

    Only a demo: in a house that serves people, a job that was missed because the house stood still
    was missed all the same, and rings. Raises ValueError there.
    """
    if settings.MODE != "demo":
        raise ValueError("only a demo counts its jobs anew")
    Job.objects.update(first_seen_at=clock.real_now())


def raise_alarm(code: str, subject: str, text: str) -> bool:
    """Open an alarm once; returns False when it was open already.

    It is a log line at level ERROR, a word in /readyz and, when settings.ALARM_HOOK names a
    function, a call with the alarm's id after the commit (to mail the people who keep watch).
    """
    alarm, new = Alarm.objects.get_or_create(
        code=code,
        subject=subject,
        resolved_at=None,
        defaults={"text": text[:300], "raised_at": clock.real_now()},
    )
    if new:
        log.error("alarm_raised", code=code, subject=subject, text=text)
        transaction.on_commit(lambda: _call_hook(alarm.pk), robust=True)
    return new


def resolve_alarms(code: str, *, but: set[str] | None = None, subject: str | None = None) -> int:
    """Close the open alarms of a code: those of one subject, or all but the subjects named."""
    rows = Alarm.objects.filter(code=code, resolved_at=None)
    if subject is not None:
        rows = rows.filter(subject=subject)
    resolved = rows.exclude(subject__in=but or set()).update(resolved_at=clock.real_now())
    if resolved:
        log.info("alarms_resolved", code=code, number=resolved)
    return resolved


def _call_hook(alarm_id: int) -> None:
    hook = getattr(settings, "ALARM_HOOK", "")
    if hook:
        import_string(hook)(alarm_id)


def set_clock_offset(ahead: timedelta) -> None:
    """Put the product's clock so far ahead of real time; live mode refuses."""
    if settings.MODE == "live":
        raise ValueError("live mode runs on real time")
    seconds = int(ahead.total_seconds())
    ClockOffset.objects.update_or_create(pk=1, defaults={"seconds": seconds})
    transaction.on_commit(offset.forget, robust=True)
    offset.forget()
