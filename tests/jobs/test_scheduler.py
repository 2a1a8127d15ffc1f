"""The clock starts whatever its file holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundraise.celery import app
from fundraise.jobs.scheduler import Scheduler


def started(path: Path) -> list[str]:
    scheduler = Scheduler(app, schedule_filename=str(path))
    names = sorted(scheduler.schedule)
    scheduler.close()
    return names


@pytest.mark.parametrize("damage", ["empty", "cut", "noise", "directory of nothing"])
def test_a_damaged_file_is_made_anew_and_every_job_stands_in_it(
    damage: str, tmp_path: Path
) -> None:
    path = tmp_path / "beat-schedule"
    wanted = started(path)
    assert "outbox-sweep" in wanted
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        if damage == "directory of nothing" and file.suffix == ".dat":
            file.write_bytes(b"")
        elif damage != "directory of nothing":
            changed = {"empty": b"", "cut": content[: len(content) // 2], "noise": b"\x80x" * 50}
            file.write_bytes(changed[damage])
    assert started(path) == wanted
    assert started(path) == wanted
