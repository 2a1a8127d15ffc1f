"""The whole service as `make run` starts it: real processes, real servers, real ports."""

from __future__ import annotations

import glob
import json
import os
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from fundraise.local import places, ports, processes
from fundraise.local.places import CHECKOUT
from fundraise.local.postgres import APP, OWNER, Postgres
from fundraise.local.valkey import Valkey, binary
from tests import servers
from tests.local.conftest import PYTHON, Launch, clean_environ, read_until, running
from tests.ports import free_port

pytestmark = pytest.mark.serial
RUN = (PYTHON, "-m", "fundraise.local", "run")
STARTED = "Ctrl-C stops everything"
HANGS = 300.0  # seconds; by then it hangs, however busy the machine is


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    forget(tmp_path / "data")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Path]:
    """What another checkout beside ours would have."""
    yield tmp_path / "beside" / "data"
    forget(tmp_path / "beside" / "data")


def forget(data: Path) -> None:
    processes.end(running(data), 3.0)
    Postgres(data / "postgres").discard()
    Valkey(data / "valkey").discard()


@dataclass(frozen=True)
class Service:
    process: subprocess.Popen[str]
    said: str

    @property
    def address(self) -> str:
        found = re.search(r"Donation page +(\S+)/", self.said)
        assert found is not None, self.said
        return found.group(1)

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(self.address + path, timeout=HANGS) as reply:  # noqa: S310
            return reply.status, reply.read().decode()

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(HANGS)


def start(launch: Launch, data: Path, **environ: str) -> Service:
    home = data.parent / "home"
    home.mkdir(parents=True, exist_ok=True)
    choose_ports(data)
    around = {"FUNDRAISE_DATA_DIR": str(data), "HOME": str(home), "XDG_RUNTIME_DIR": ""}
    process = launch(*RUN, **around, **environ)
    return Service(process, read_until(process, STARTED, seconds=HANGS))


def choose_ports(data: Path) -> None:
    """Far from the usual ones, which a person or another session may take between two starts."""
    web = 20_000 + os.getpid() % 1000 * 10
    known = places.private_folder(data) / ports.FILE
    if not known.exists():
        known.write_text(json.dumps({"web": web, "stripe": web + 4, "bankgirot": web + 8,
                                    "sendgrid": web + 6, "bank": web + 10}))  # fmt: skip


def test_killed_and_started_again_it_finds_its_data_and_leaves_nothing(
    launch: Launch, data: Path
) -> None:
    first = start(launch, data)
    assert first.get("/")[0] == 200
    assert json.loads(first.get("/readyz")[1])["status"] == "ok"
    _stands_up_again_when_its_servers_fall(first, data)
    secrets = (data / "secrets.json").read_text()
    assert first.stop(signal.SIGKILL) == -signal.SIGKILL
    again = start(launch, data)
    assert "Bringing the tables up to date" in first.said
    assert "Bringing the tables up to date" not in again.said
    assert again.address == first.address
    assert (data / "secrets.json").read_text() == secrets
    assert again.stop(signal.SIGINT) == 0
    assert nothing_runs(data)
    _leaves_no_trace_outside(data)


@pytest.mark.skipif(not servers.FULL, reason="two whole services at once: `make prove`")
def test_another_beside_it_has_servers_of_its_own_or_those_that_are_named(
    launch: Launch, data: Path, other: Path, real_servers: dict[str, str]
) -> None:
    """The other is in test mode, and uses the servers that are named for it, where the machine has
    any."""
    first = start(launch, data)
    beside = start(launch, other, FUNDRAISE_MODE="test", **real_servers)
    assert beside.address != first.address
    assert "Stripe stand-in" in first.said
    assert "stand-in" not in beside.said
    assert first.stop(signal.SIGINT) == 0
    assert nothing_runs(data)
    assert beside.get("/readyz")[0] == 200
    if real_servers:
        _uses_what_is_named(beside, other, real_servers)
    assert beside.stop(signal.SIGTERM) == 0
    assert nothing_runs(other)


def _stands_up_again_when_its_servers_fall(service: Service, data: Path) -> None:
    for server in (Postgres(data / "postgres"), Valkey(data / "valkey")):
        fallen = server._server()
        assert fallen is not None
        fallen.kill()
        assert processes.wait_until(lambda: not fallen.is_running(), HANGS)  # noqa: B023
        assert processes.wait_until(server.answers, HANGS)
    assert json.loads(service.get("/readyz")[1])["checks"]["broker"] == "ok"


def nothing_runs(data: Path) -> bool:
    servers = (Postgres(data / "postgres"), Valkey(data / "valkey"))
    return running(data) == [] and not any(server.answers() for server in servers)


def _uses_what_is_named(service: Service, data: Path, named: dict[str, str]) -> None:
    ready = json.loads(service.get("/readyz")[1])
    assert (ready["checks"]["database"], ready["checks"]["broker"]) == ("ok", "ok")
    assert not (data / "postgres").exists()
    assert not (data / "valkey").exists()
    command = [PYTHON, "manage.py", "verify_books", "--json"]
    ours = {"FUNDRAISE_DATA_DIR": str(data), "FUNDRAISE_MODE": "test"}
    environ = clean_environ() | named | ours
    done = subprocess.run(command, cwd=CHECKOUT, env=environ, capture_output=True, check=False)
    assert json.loads(done.stdout)["ok"] is True


def _leaves_no_trace_outside(data: Path) -> None:
    assert not list((data.parent / "home").rglob("*gunicorn*"))
    logs = "".join(path.read_text() for path in (data / "logs").iterdir())
    known = json.loads((data / "secrets.json").read_text())
    assert [name for name, value in known.items() if value in logs] == []


def test_live_mode_has_no_make_run(launch: Launch, data: Path) -> None:
    process = launch(*RUN, FUNDRAISE_DATA_DIR=str(data), FUNDRAISE_MODE="live")
    assert "make run is for demo and test mode" in read_until(process, "make run")
    assert process.wait(300) == 1
    assert not data.exists()


# --- Real servers ------------------------------------------------------------


def system_postgres() -> Path | None:
    for found in (
        shutil.which("postgres"),
        *sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres")),
    ):
        if found and (Path(found).resolve().parent / "initdb").exists():
            return Path(found).resolve().parent
    return None


@pytest.fixture
def real_servers(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The machine's own PostgreSQL and a broker, by setting; empty where it has none."""
    bin_folder = system_postgres()
    if bin_folder is None:
        yield {}
        return
    with real_database(bin_folder, tmp_path) as named, real_broker(tmp_path) as broker:
        yield {**named, "BROKER_URL": broker}


@contextmanager
def real_database(bin_folder: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A PostgreSQL on a TCP port, with passwords."""
    account, folder = places.server_account(), _reachable_folder(tmp_path)
    account.give(folder)
    port, data = free_port(), folder / "data"
    made = account.run(bin_folder / "initdb", "-D", data, "-A", "trust", "-U", "postgres")
    assert made.returncode == 0, made.stderr
    server = account.start(
        bin_folder / "postgres", "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1",
        log=folder / "log",
    )  # fmt: skip
    try:
        _make_roles(account, bin_folder, folder, port)
        address = f"127.0.0.1:{port}/real"
        yield {
            "DATABASE_URL": f"postgresql://{APP}:app@{address}",
            "DATABASE_OWNER_URL": f"postgresql://{OWNER}:owner@{address}",
        }
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(300)
        shutil.rmtree(folder, ignore_errors=True)


def _reachable_folder(tmp_path: Path) -> Path:
    """Somewhere that root's unprivileged account can get to."""
    if os.geteuid() != 0:
        return tmp_path
    places.ROOTS_SERVERS.mkdir(parents=True, exist_ok=True)
    folder = places.ROOTS_SERVERS / f"test-{places.short_name(tmp_path)}"
    folder.mkdir(mode=0o700)
    return folder


def _make_roles(account: places.Account, bin_folder: Path, folder: Path, port: int) -> None:
    sql = (
        f"CREATE ROLE {OWNER} LOGIN PASSWORD 'owner'; CREATE ROLE {APP} LOGIN PASSWORD 'app';\n"
        f"CREATE DATABASE real OWNER {OWNER};\n"
    )
    psql = (bin_folder / "psql", "-h", folder, "-p", str(port), "-U", "postgres", "-X")
    assert processes.wait_until(lambda: account.run(*psql, text="").returncode == 0, HANGS)
    done = account.run(*psql, "-v", "ON_ERROR_STOP=1", text=sql)
    assert done.returncode == 0, done.stderr


@contextmanager
def real_broker(tmp_path: Path) -> Iterator[str]:
    """A Valkey on a TCP port with a password, started by nobody of ours."""
    port = free_port()
    command = [str(binary()), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--requirepass", "secret"]
    server = subprocess.Popen(
        [*command, "--dir", str(tmp_path), "--save", ""], stdout=subprocess.DEVNULL
    )
    try:
        yield f"redis://:secret@127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(300)
