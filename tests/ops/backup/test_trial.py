"""A restore that was tried leaves a record, and rings when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError

from fundraise.jobs.models import Alarm
from fundraise.ops.backup import manifest, trial
from fundraise.ops.backup.errors import BackupError
from fundraise.ops.backup.programs import Server
from fundraise.ops.models import RestoreTrial
from tests.ops.backup.house import back_up, empty_database, furnish, owner, said, tables
from tests.ops.backup.test_restore import rewrite

pytestmark = pytest.mark.django_db(transaction=True)


def databases() -> set[str]:
    with psycopg.connect(owner().conninfo()) as server:
        return {str(row[0]) for row in server.execute("SELECT datname FROM pg_database")}


def test_a_backup_is_tried_by_command_and_the_books_are_equal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish()
    places, made = [], trial.scratch

    @contextmanager
    def seen(owner: Server) -> Iterator[Server]:
        with made(owner) as place:
            places.append(place.name)
            yield place

    monkeypatch.setattr(trial, "scratch", seen)
    words = (f"--to={tmp_path / 'a'}", f"--keys-to={tmp_path / 'b'}", "--try", "--keep=7")
    told = said("backup", *words)
    tried = RestoreTrial.objects.get()
    assert (tried.equal, tried.told, tried.by) == (True, "", "system:backup")
    assert (tried.checks > 10, tried.rows > 50) == (True, True)
    assert f"{tried.checks} identities of the books are the same" in told
    assert (len(places), databases() & set(places)) == (1, set())


@pytest.mark.long
def test_one_that_differs_rings_until_one_succeeds(tmp_path: Path) -> None:
    furnish()
    taken = back_up(tmp_path)
    rows = dict(taken.manifest.rows)
    rewrite(taken.ordinary, rows=rows | {"gifts_gift": 7})
    tried = trial.attempt(taken.ordinary, taken.keys, owner=owner(), by="staff:1")
    assert tried.differences == ["gifts_gift: 7 rows taken, 6 came back"]
    assert RestoreTrial.objects.get().equal is False
    assert Alarm.objects.get().resolved_at is None
    rewrite(taken.ordinary, rows=rows)
    assert trial.attempt(taken.ordinary, taken.keys, owner=owner(), by="staff:1").differences == []
    assert Alarm.objects.get().resolved_at is not None


def test_one_that_breaks_is_kept_as_a_failure(tmp_path: Path) -> None:
    furnish()
    taken = back_up(tmp_path)
    (taken.keys / manifest.KEYS_FILE).unlink()
    with pytest.raises(BackupError, match="not whole"):
        trial.attempt(taken.ordinary, taken.keys, owner=owner(), by="staff:1")
    kept = RestoreTrial.objects.get()
    assert (kept.equal, kept.backup, "keys.dump is missing" in kept.told) == (
        False, taken.ordinary.name, True,
    )  # fmt: skip
    assert Alarm.objects.get().code == "restore-trial-failed"


def test_an_empty_database_of_the_settings_is_used_and_emptied(
    tmp_path: Path, settings: Any
) -> None:
    furnish()
    taken = back_up(tmp_path)
    with empty_database("try") as place:
        settings.BACKUP_TRY_URL = place.url
        trial.attempt(taken.ordinary, taken.keys, owner=owner(), by="staff:1")
        assert tables(place) == 0
        with psycopg.connect(place.conninfo(), autocommit=True) as other:
            other.execute("CREATE TABLE somebodys (thing int)")
        with pytest.raises(BackupError, match="not empty"):
            trial.attempt(taken.ordinary, taken.keys, owner=owner(), by="staff:1")
        assert tables(place) == 1


def test_a_role_that_may_make_no_database_is_told_what_to_do(tmp_path: Path, settings: Any) -> None:
    furnish()
    settings.DATABASE_OWNER_URL = settings.DATABASE_URL
    with pytest.raises(CommandError, match="give it CREATEDB, or name an empty one"):
        said("backup", f"--to={tmp_path / 'a'}", f"--keys-to={tmp_path / 'b'}", "--try")
    assert RestoreTrial.objects.get().equal is False
