"""Which jobs are late, which alarms are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from fundraise.jobs.lateness import is_late
from fundraise.jobs.models import Alarm, Job


@dataclass(frozen=True)
class LateJob:
    name: str
    since: datetime
    allowed: int


def late_jobs(now: datetime) -> list[LateJob]:
    """The jobs of settings.JOBS without a done run within their time."""
    seen = Job.objects.in_bulk()
    installed = None if len(seen) == len(settings.JOBS) else _last_migrated(now)
    late = []
    for name, (_task, _when, allowed) in settings.JOBS.items():
        job = seen.get(name)
        # Not even the watch has seen it: count from the last migration, the nearest to a deploy.
        since = job.first_seen_at if job else (installed or _last_migrated(now))
        done = job.last_done_at if job else None
        if is_late(now, known_since=since, last_done=done, allowed=allowed):
            late.append(LateJob(name, max(since, done or since), allowed))
    return late


def open_alarms() -> list[Alarm]:
    """What a person must look at, the oldest first."""
    return list(Alarm.objects.filter(resolved_at=None).order_by("raised_at", "pk"))


def _last_migrated(now: datetime) -> datetime:
    found: datetime | None = MigrationRecorder.Migration.objects.aggregate(at=Max("applied"))["at"]
    return found or now
