from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from fundraise.local import processes
from fundraise.local.environment import MARK
from fundraise.local.places import CHECKOUT
from fundraise.local.postgres import Postgres
from fundraise.local.valkey import Valkey

Launch = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres", durable=False)
    yield server
    server.discard()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey")
    yield server
    server.discard()


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder of which nothing may be left running after the test, whatever happened."""
    folder = tmp_path / "data"
    yield folder
    processes.end(running(folder), 0.2)


@pytest.fixture
def launch(data: Path) -> Iterator[Launch]:
    """Start a program of the checkout in a session of its own, its words in a pipe.

    It asks for `data` so that the runner is killed before its leftovers are looked for. Begun in
    the background of a script, the tests ignore Ctrl-C, and what they start would do so, too.
    """
    ours = signal.getsignal(signal.SIGINT)
    if ours == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    begun: list[subprocess.Popen[str]] = []

    def start(*command: str | Path, **environ: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=CHECKOUT, env=clean_environ() | environ, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        begun.append(process)
        return process

    yield start
    signal.signal(signal.SIGINT, ours)
    for process in begun:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def clean_environ() -> dict[str, str]:
    """Our environment without what the suite or its surroundings say of servers."""
    ours = ("FUNDRAISE_", "DATABASE_", "BROKER_", "STRIPE_", "MAKE", "DJANGO_", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"}


def running(data: Path) -> list[psutil.Process]:
    return [process for process in processes.marked(MARK, str(data)) if lives(process)]


def lives(process: psutil.Process) -> bool:
    """Not ended, not even between being found and being asked."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def read_until(process: subprocess.Popen[str], word: str, seconds: float = 300.0) -> str:
    """What the process prints up to the line that holds `word`."""
    assert process.stdout is not None
    seen = ""
    too_late = threading.Timer(seconds, process.kill)
    too_late.start()
    try:
        for line in process.stdout:
            seen += line
            if word in line:
                return seen
    finally:
        too_late.cancel()
    pytest.fail(f"{word!r} was never said:\n{seen}")


PYTHON = sys.executable
