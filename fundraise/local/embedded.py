"""The embedded servers around one manage.py command."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from fundraise.local import environment, ports
from fundraise.local.places import data_folder
from fundraise.local.postgres import Postgres
from fundraise.local.valkey import Valkey

# Commands that look at code and files only; everything else gets a database.
STATIC = {
    "", "help", "version", "check", "makemessages", "compilemessages", "collectstatic",
    "findstatic", "diffsettings", "startapp", "startproject", "autogiro", "permissions",
}  # fmt: skip


@contextmanager
def servers_for(argv: Sequence[str]) -> Iterator[None]:
    """Give a command its database, unless it needs none or the person has named one."""
    if environment.mode() == "live" or not needs_database(argv):
        yield
        return
    data = data_folder()
    os.environ.update(environment.filled(environment.of_checkout(data, ports.in_use(data))))
    os.environ["FUNDRAISE_DATA_DIR"] = str(data)
    _use_broker_if_it_runs()
    if environment.given("DATABASE_URL"):
        yield
        return
    with _database():
        yield


def needs_database(argv: Sequence[str]) -> bool:
    command = argv[1] if len(argv) > 1 else ""
    if command.startswith("-") or "--help" in argv or "-h" in argv:
        return False
    if command == "makemigrations":
        return not {"--check", "--dry-run"} & set(argv)
    return command not in STATIC


def _use_broker_if_it_runs() -> None:
    folder = data_folder() / "valkey"
    if environment.given("BROKER_URL") or not folder.is_dir():
        return
    valkey = Valkey(folder)
    if valkey.answers():
        os.environ.update(environment.of_broker(valkey))


@contextmanager
def _database() -> Iterator[None]:
    postgres = Postgres(data_folder() / "postgres")
    started = postgres.ensure()
    try:
        _end_in_order_when_told()
        if started:
            postgres.create_roles_and_database()
        os.environ.update(environment.of_database(postgres))
        yield
    finally:
        postgres.leave()


def _end_in_order_when_told() -> None:
    """SIGTERM would end Python on the spot and leave the server behind."""
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
