"""Servers of a benchmark's own: started for it, cleared away after it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from fundraise.local import postgres_files, secrets, service
from fundraise.local.environment import of_broker, of_database
from fundraise.local.places import CHECKOUT, LocalError, data_folder
from fundraise.local.ports import Ports
from fundraise.local.postgres import DATABASE, OWNER, Postgres
from fundraise.local.shares import Sole
from fundraise.local.valkey import Valkey
from fundraise.ops.bench.house import Command, House

INSIDE = "FUNDRAISE_BENCH_FOLDER"
# Set anew for the benchmark, from its own folder.
OF_THE_RUN = {*secrets.MAKERS, "FUNDRAISE_BASE_URL", "STRIPE_API_BASE", "STRIPE_CHECKOUT_ORIGIN"}


OF_THE_SERVERS = {"DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "FUNDRAISE_EMBEDDED"}


def given_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what manage.py has filled in for the embedded servers."""
    filled = OF_THE_RUN | (OF_THE_SERVERS if environ.get("FUNDRAISE_EMBEDDED") == "1" else set())
    return {name: value for name, value in environ.items() if name not in filled}


class Taken(Exception):
    """Another benchmark runs in this checkout."""


def inside() -> Path | None:
    """The benchmark's folder, in the process that has servers of its own."""
    found = os.environ.get(INSIDE)
    return Path(found) if found else None


def run_inside(*each: Sequence[str]) -> int:
    """Run manage.py with each of these words, every time in a database as it was migrated, on
    servers of its own; returns the highest exit code."""
    folder = data_folder() / "bench"
    sole = Sole(_lock(folder))
    if not sole.take():
        raise Taken
    _end_in_order_when_told()
    try:
        with _servers(folder) as environ:
            code = _run(service.manage("migrate", "-v", "0"), environ)
            if code != 0:
                return code
            Postgres(folder / "postgres").execute(f"CREATE DATABASE migrated TEMPLATE {DATABASE}")
            return max(_run_anew(folder, words, environ) for words in each)
    finally:
        sole.drop()


def _run_anew(folder: Path, words: Sequence[str], environ: dict[str, str]) -> int:
    postgres = Postgres(folder / "postgres")
    postgres.execute(
        f"DROP DATABASE {DATABASE} WITH (FORCE);\n"
        f"CREATE DATABASE {DATABASE} TEMPLATE migrated OWNER {OWNER};\n"
    )
    postgres.create_roles_and_database()  # its rights are no part of a template
    Valkey(folder / "valkey").client().flushall()
    return _run(service.manage(*words), environ)


def _lock(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return folder.with_name("bench.lock")


def _end_in_order_when_told() -> None:
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


@contextmanager
def _servers(folder: Path) -> Iterator[dict[str, str]]:
    postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
    postgres.discard()  # what a killed benchmark left
    valkey.discard()
    shutil.rmtree(folder, ignore_errors=True)
    postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
    try:
        postgres.ensure()
        postgres.create_roles_and_database()
        valkey.ensure()
        yield {
            **given_environment(os.environ),
            **of_database(postgres),
            **of_broker(valkey),
            "FUNDRAISE_MODE": "demo",
            "FUNDRAISE_DATA_DIR": str(folder),
            INSIDE: str(folder),
        }
    finally:
        valkey.discard()
        postgres.discard()
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: Command, environ: dict[str, str]) -> int:
    """In a group of its own, all of which ends with it."""
    process = subprocess.Popen(command, env=environ, cwd=CHECKOUT, start_new_session=True)
    try:
        return process.wait()
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def house(folder: Path) -> House:
    """The service's commands, for the process inside."""
    keys = {name: os.environ[name] for name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")}
    return House(
        folder=folder,
        pgbench=_pgbench(),
        sockets=str(Postgres(folder / "postgres").sockets),
        web=lambda port: service.web(port).command,
        worker=_worker,
        stripe=lambda port, data: service.stripe(Path(data), Ports(stripe=port), keys).command,
    )


def _worker(name: str, processes: int) -> Command:
    """As in `make run`, with so many processes."""
    words = list(service.worker(name, service.QUEUES["money"]).command)
    words[words.index("--concurrency") + 1] = str(processes)
    return words


def _pgbench() -> Path | None:
    """pgbench of the embedded server, else the machine's."""
    try:
        found = postgres_files.package_folder() / "pginstall" / "bin" / "pgbench"
    except LocalError:
        return None
    on_path = shutil.which("pgbench")
    return found if found.exists() else Path(on_path) if on_path else None
