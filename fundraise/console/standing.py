"""How each scheduled job stands: late or in time, last done, how many runs and failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

from fundraise import clock
from fundraise.console import duties
from fundraise.console.words import Text
from fundraise.jobs import queries
from fundraise.jobs.models import Job, JobRun


@dataclass(frozen=True, slots=True)
class Standing:
    """One job. `since` is for how long nothing was done, while it is late."""

    name: str
    meaning: Text
    done_at: datetime | None
    since: timedelta | None
    allowed: timedelta
    runs: int
    failed: int

    @property
    def late(self) -> bool:
        return self.since is not None


def of_jobs() -> list[Standing]:
    """Every job of settings.JOBS, in its order."""
    now = clock.real_now()
    late = {job.name: now - job.since for job in queries.late_jobs(now)}
    seen = Job.objects.in_bulk()
    failed = Count("pk", filter=Q(state=JobRun.State.FAILED))
    rows = JobRun.objects.values("name").annotate(runs=Count("pk"), failed=failed)
    counts = {row["name"]: (row["runs"], row["failed"]) for row in rows}
    return [
        Standing(
            name,
            duties.job(name),
            seen[name].last_done_at if name in seen else None,
            late.get(name),
            timedelta(seconds=allowed),
            *counts.get(name, (0, 0)),
        )
        for name, (_task, _when, allowed) in settings.JOBS.items()
    ]
