"""Which backups stay: ordinary ones of the last days, key tables for as long as erasure may take.

A forgotten donor is gone when the last key table that had the key is gone, so old ones must go.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from fundraise import clock
from fundraise.ops.backup import manifest
from fundraise.ops.backup.take import PART

HALF_MADE_AFTER = timedelta(days=1)


def prune_ordinary(folder: Path, keep: int) -> int:
    """Keep every backup of the `keep` newest days that have one; returns how many went."""
    backups = listed(folder)
    days = sorted({name.name[:8] for name in backups}, reverse=True)[:keep]
    return _remove([one for one in backups if one.name[:8] not in days]) + _tidy(folder)


def prune_keys(folder: Path) -> int:
    """Remove key tables past their days; the newest stays, however old. Returns how many went."""
    backups = listed(folder)
    oldest = clock.real_now() - timedelta(days=settings.BACKUP_KEYS_DAYS)
    return _remove([one for one in backups[:-1] if taken_at(one) < oldest]) + _tidy(folder)


def listed(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first; what else lies there is left alone."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if manifest.FOLDER.fullmatch(path.name) and (path / manifest.NAME).is_file()
    )


def taken_at(backup: Path) -> datetime:
    """When a backup was taken, by its name."""
    return datetime.strptime(backup.name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _tidy(folder: Path) -> int:
    """What a backup left that was killed."""
    before = clock.real_now() - HALF_MADE_AFTER
    if not folder.is_dir():
        return 0
    parts = [path for path in folder.iterdir() if path.name.endswith(PART)]
    halves = [path for path in parts if manifest.FOLDER.fullmatch(path.name[: -len(PART)])]
    return _remove([path for path in halves if taken_at(path) < before])


def _remove(paths: list[Path]) -> int:
    for path in paths:
        shutil.rmtree(path)
    return len(paths)
