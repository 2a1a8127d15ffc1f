"""The nightly backup, and the questions of the go-live page."""

from __future__ import annotations

from pathlib import Path

from celery import shared_task
from django.conf import settings

from fundraise.jobs import services as jobs
from fundraise.ops.backup import retention, take
from fundraise.ops.golive import services as golive

BACKUP_SECONDS = 6600  # below the broker's visibility time-out, or it would run twice


@shared_task(time_limit=BACKUP_SECONDS)
def nightly_backup() -> None:
    """Back up into the folders of the settings, and clear away what has had its time."""
    to, keys_to = Path(settings.BACKUP_DIR), Path(settings.BACKUP_KEYS_DIR)
    with jobs.record_run("nightly-backup") as counts:
        taken = take.take(to, keys_to)
        counts["rows"] = sum(taken.manifest.rows.values())
        counts["pictures"] = taken.pictures
        counts["removed"] = retention.prune_ordinary(to, settings.BACKUP_KEEP_DAYS)
        counts["removed"] += retention.prune_keys(keys_to)


@shared_task
def ask_go_live(answer_pk: int) -> None:
    """Put the question of one line of the go-live page."""
    golive.ask(answer_pk)


@shared_task
def watch_go_live() -> None:
    """Ask the lines of an open house again; one that is red rings and shuts nothing."""
    with jobs.record_run("go-live-watch") as counts:
        counts.update(golive.watch())
