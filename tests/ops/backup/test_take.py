"""What is taken, where it lies, how long it stays, and what refuses to be taken."""

from __future__ import annotations

import errno
import json
import stat
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from donors.models import DonorKey
from fundraise.jobs.models import JobRun
from fundraise.ops import tasks
from fundraise.ops.backup import figures, manifest, programs, retention, take
from fundraise.ops.backup.errors import BackupError
from fundraise.ops.backup.programs import Server
from tests.donors.test_secrecy import PLANTED
from tests.ops.backup.house import back_up, furnish, said

pytestmark = pytest.mark.django_db(transaction=True)


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_the_ordinary_backup_has_no_key_and_the_key_table_no_person(tmp_path: Path) -> None:
    furnish()
    wrapped = bytes(DonorKey.objects.get().wrapped)
    taken = back_up(tmp_path)
    listed = programs_list(taken.ordinary / "database.dump")
    assert "TABLE DATA public donors_donor" in listed
    assert "TABLE DATA public keyring_donor_key" not in listed
    assert "TABLE DATA public django_session" not in listed
    assert "TABLE DATA public usersessions_usersession" not in listed
    assert "TABLE DATA public jobs_environmentseal" not in listed
    assert programs_list(taken.keys / "keys.dump").count("TABLE DATA") == 1
    assert wrapped not in raw(taken.ordinary)
    assert [word for word in PLANTED if word.encode() in raw(taken.keys)] == []


def programs_list(dump: Path) -> str:
    found, _version = programs.find("pg_restore", 18)
    return subprocess.run(
        [found, "--list", dump], capture_output=True, text=True, check=True
    ).stdout


def test_the_manifest_says_what_was_taken(tmp_path: Path) -> None:
    furnish()
    taken = back_up(tmp_path)
    said = json.loads((taken.ordinary / "manifest.json").read_text())
    assert (said["format"], said["kind"], said["id"]) == (1, "ordinary", taken.ordinary.name)
    assert (said["rows"]["gifts_gift"], said["rows"]["keyring_donor_key"]) == (6, 1)
    assert said["books"]["ok"] is True
    assert said["heads"] == figures.heads()
    assert "ops.0001_restore_trial" in said["migrations"]
    assert list(said["files"]) == ["database.dump", "media.tar"]
    assert said["files"]["media.tar"][0] == manifest.sha256_of(taken.ordinary / "media.tar")
    keys = json.loads((taken.keys / "manifest.json").read_text())
    assert (keys["id"], keys["rows"]) == (said["id"], {"keyring_donor_key": 1})


def test_the_snapshot_outlives_dumps_that_take_longer_than_the_roles_limit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '5min'")
        with figures.snapshot():
            assert limit(cursor) == "0"
        assert limit(cursor) == "5min"
        cursor.execute("RESET idle_in_transaction_session_timeout")


def limit(cursor: CursorWrapper) -> str:
    cursor.execute("SHOW idle_in_transaction_session_timeout")
    return str(cursor.fetchone()[0])


def test_nobody_else_on_the_machine_may_read_it(tmp_path: Path) -> None:
    furnish()
    taken = back_up(tmp_path)
    for folder in (taken.ordinary, taken.keys):
        modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert (stat.S_IMODE(folder.stat().st_mode), modes) == (0o700, {0o600})


@pytest.mark.parametrize("keys", ["a", "a/keys", "."])
def test_both_in_one_place_is_refused(tmp_path: Path, keys: str) -> None:
    with pytest.raises(CommandError, match="a folder apart"):
        said("backup", f"--to={tmp_path / 'a'}", f"--keys-to={tmp_path / keys}")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_breaks_leaves_nothing_that_looks_like_one(
    tmp_path: Path, settings: Any
) -> None:
    broken = tmp_path / "bin"
    broken.mkdir()
    program = broken / "pg_dump"
    program.write_text(
        '#!/bin/sh\ncase "$1" in --version) echo "pg_dump (PostgreSQL) 99.1";; '
        "*) echo 'pg_dump: error: disk full' >&2; exit 1;; esac\n"
    )
    program.chmod(0o755)
    settings.BACKUP_PG_BIN = str(broken)
    with pytest.raises(CommandError, match="pg_dump failed: pg_dump: error: disk full"):
        said("backup", f"--to={tmp_path / 'a'}", f"--keys-to={tmp_path / 'b'}")
    assert [*(tmp_path / "a").iterdir(), *(tmp_path / "b").iterdir()] == []
    assert JobRun.objects.get(name="backup").state == "failed"


def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_folder: Path, _into: Path) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(manifest, "pack", full)
    with pytest.raises(BackupError, match="could not be written: No space left on device"):
        back_up(tmp_path)
    assert [*(tmp_path / "ordinary").iterdir(), *(tmp_path / "keys").iterdir()] == []


def test_a_program_that_is_too_old_or_missing_is_told(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_PG_BIN = str(tmp_path)
    with pytest.raises(BackupError, match=r"pg_dump of PostgreSQL 18 .*BACKUP_PG_BIN"):
        programs.find("pg_dump", 18)


def test_no_password_is_among_the_arguments() -> None:
    server = Server("postgresql://owner:hemligt@db.example:5433/house?sslmode=require")
    assert server.conninfo().split() == [
        "dbname=house", "user=owner", "host=db.example", "port=5433", "sslmode=require",
    ]  # fmt: skip
    assert (server.password, "hemligt" in server.shown()) == ("hemligt", False)
    app = server.as_role_of("postgresql://app:ord@elsewhere/other")
    assert app.url == "postgresql://app:ord@db.example:5433/house?sslmode=require"


def test_what_is_booked_meanwhile_is_in_all_figures_or_in_none(tmp_path: Path) -> None:
    furnish()
    with figures.snapshot() as found:
        held = (found.rows["gifts_gift"], len(found.snapshot) > 0)
        with pytest.raises(Exception, match="read-only transaction"), transaction.atomic():
            DonorKey.objects.all().delete()
    assert held == (6, True)


def backup_of(folder: Path, day: str, number: int = 1) -> Path:
    made = folder / f"202611{day}T0110{number:02}Z-0000000{number}"
    made.mkdir(parents=True)
    (made / manifest.NAME).write_text("{}")
    return made


def test_the_newest_days_stay_and_what_is_not_ours_too(tmp_path: Path) -> None:
    made = [backup_of(tmp_path, day) for day in ("01", "02", "03")]
    twice = backup_of(tmp_path, "03", 2)
    (tmp_path / "notes").mkdir()
    half = tmp_path / f"20261101T011001Z-00000009{take.PART}"
    half.mkdir()
    assert retention.prune_ordinary(tmp_path, 2) == 2  # the first day's, and the half-made one
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == sorted([made[1].name, made[2].name, twice.name, "notes"])


def test_key_tables_go_after_their_days_and_the_newest_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [backup_of(tmp_path, day) for day in ("01", "02", "20")]
    at = "fundraise.ops.backup.retention.clock.real_now"
    monkeypatch.setattr(at, lambda: datetime.fromisoformat("2026-12-02T00:00:00+00:00"))
    assert retention.prune_keys(tmp_path) == 1
    monkeypatch.setattr(at, lambda: datetime.fromisoformat("2027-12-02T00:00:00+00:00"))
    assert retention.prune_keys(tmp_path) == 1
    assert retention.listed(tmp_path) == [made[2]]


def test_the_nightly_job_leaves_a_backup_and_a_record(tmp_path: Path, settings: Any) -> None:
    furnish()
    settings.BACKUP_DIR, settings.BACKUP_KEYS_DIR = str(tmp_path / "a"), str(tmp_path / "b")
    tasks.nightly_backup()
    (taken,) = retention.listed(tmp_path / "a")
    assert retention.listed(tmp_path / "b")[0].name == taken.name
    run = JobRun.objects.get(name="nightly-backup")
    assert (run.state, run.counts["pictures"], run.counts["removed"]) == ("done", 1, 0)
