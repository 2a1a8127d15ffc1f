"""A process that is killed while it delivers into a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fundraise.providers.transport.base import Delivery, Seen, TransportError
from fundraise.providers.transport.directory import DirectoryTransport
from tests.servers import ROOT

NAME, FILE = "file", b"x" * 4_000_000
# Delivers, and is killed at the call that is named.
CHILD = """
import os, signal, sys
from pathlib import Path
from fundraise.providers.transport import directory
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
where, out = sys.argv[1], Path(sys.argv[2])
if where == "before": Path.rename = die
if where == "after": directory._sync = die
directory.DirectoryTransport(out, out).deliver("file", b"x" * 4_000_000)
"""


def killed(out: Path, where: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, where, str(out)],
        cwd=ROOT,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == -signal.SIGKILL


def test_killed_before_the_name_it_is_half_and_after_it_there_and_never_twice(
    tmp_path: Path,
) -> None:
    way = DirectoryTransport(tmp_path, tmp_path)
    killed(tmp_path, "before")
    assert way.look(NAME, FILE) is Seen.HALF
    assert way.incoming() == []
    killed(tmp_path, "after")
    assert way.look(NAME, FILE) is Seen.THERE
    assert way.deliver(NAME, FILE) is Delivery.ALREADY
    assert [one.name for one in tmp_path.iterdir()] == [NAME]


def test_a_file_counts_when_nobody_has_written_to_it_for_a_while(tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes(FILE)
    assert DirectoryTransport(tmp_path, tmp_path, settle=60).incoming() == []
    old = (tmp_path / "report").stat().st_mtime - 61
    os.utime(tmp_path / "report", (old, old))
    assert DirectoryTransport(tmp_path, tmp_path, settle=60).incoming() == ["report"]


def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    way = DirectoryTransport(tmp_path, tmp_path, settle=0)
    assert way.incoming() == []
    with pytest.raises(TransportError):
        way.fetch("pipe")
