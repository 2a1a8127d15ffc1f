"""The job that watches the others."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from fundraise import clock
from fundraise.jobs import queries, services, work
from fundraise.jobs.long_tasks import HARD_SECONDS, LONGEST_RUN, SOFT_SECONDS
from fundraise.jobs.models import JobRun
from fundraise.limits import services as limits

LATE = "job-late"
KEPT_FOR = timedelta(days=30)


@shared_task
def watch() -> None:
    """Ring for every job that should have run and did not; close the alarms of those that have."""
    with services.record_run("missed-run-watch") as counts:
        services.know_the_jobs()
        now = clock.real_now()
        late = queries.late_jobs(now)
        for job in late:
            services.raise_alarm(
                LATE, job.name, f"{job.name} has no done run since {job.since:%Y-%m-%d %H:%M} UTC"
            )
        counts["late"] = len(late)
        services.resolve_alarms(LATE, but={job.name for job in late})
        counts["given_up"] = _end_the_lost_runs()
        counts["pruned"] = JobRun.objects.filter(started_at__lt=now - KEPT_FOR).delete()[0]
        counts["pruned"] += limits.prune(now)


def _end_the_lost_runs() -> int:
    now = clock.real_now()
    lost = JobRun.objects.filter(state=JobRun.State.RUNNING, started_at__lt=now - LONGEST_RUN)
    return lost.update(
        state=JobRun.State.FAILED, finished_at=now, error="never finished: the process was ended"
    )


@shared_task(time_limit=HARD_SECONDS, soft_time_limit=SOFT_SECONDS)
def do_work(work_id: int) -> None:
    """Long work that somebody asked for."""
    work.run(work_id)


@shared_task
def sweep_work() -> None:
    """Take up long work whose process died."""
    with services.record_run("work-sweep") as counts:
        counts.update(work.sweep())
