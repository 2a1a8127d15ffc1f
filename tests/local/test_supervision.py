from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from fundraise.local import processes
from tests.local.conftest import PYTHON, Launch, read_until, running

pytestmark = pytest.mark.serial
SCRIPT = Path(__file__).with_name("supervised.py")


def started(launch: Launch, data: Path) -> subprocess.Popen[str]:
    runner = launch(PYTHON, SCRIPT, data)
    read_until(runner, "stubborn is here")
    processes.wait_until(lambda: len(running(data)) == 3, 300)
    assert [process.nice() for process in running(data)].count(7) == 2  # of the meek one's
    assert [niceness_of_session(process) for process in running(data)].count(7) == 2
    return runner


def niceness_of_session(process: psutil.Process) -> int:
    """What counts between sessions on Linux; without groups of them, the process's own."""
    told = Path(f"/proc/{process.pid}/autogroup")
    try:
        return int(told.read_text(encoding="ascii").split()[-1])
    except (OSError, IndexError):
        return process.nice()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_process(launch: Launch, data: Path, number: signal.Signals) -> None:
    runner = started(launch, data)
    runner.send_signal(number)
    assert runner.wait(300) == 0
    assert running(data) == []


def test_sigint_reaches_a_job_that_began_with_it_ignored(launch: Launch, data: Path) -> None:
    runner = launch("/bin/sh", "-c", f"trap '' INT; exec {PYTHON} {SCRIPT} {data}")
    read_until(runner, "stubborn is here")
    runner.send_signal(signal.SIGINT)
    assert runner.wait(300) == 0
    assert running(data) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_make_is_told_reaches_the_runner(
    launch: Launch, data: Path, tmp_path: Path, number: signal.Signals
) -> None:
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"run:\n\t@{PYTHON} {SCRIPT} {data}\n")
    make = launch("make", "-f", makefile, "run")
    read_until(make, "stubborn is here")
    make.send_signal(number)
    make.wait(300)
    assert processes.wait_until(lambda: running(data) == [], 300)
    assert started(launch, data).poll() is None


def test_after_a_kill_the_next_start_ends_what_was_left(launch: Launch, data: Path) -> None:
    runner = started(launch, data)
    old = {process.pid for process in running(data)}
    runner.kill()
    runner.wait()
    assert any(process.name() and process.is_running() for process in running(data))
    again = started(launch, data)
    assert {process.pid for process in running(data)}.isdisjoint(old)
    again.terminate()
    assert again.wait(300) == 0
    assert running(data) == []


def test_a_crashed_child_starts_again(launch: Launch, data: Path) -> None:
    runner = started(launch, data)
    meek = [p for p in running(data) if "meek is here" in " ".join(p.cmdline())]
    [victim] = [p for p in meek if os.getsid(p.pid) == p.pid]  # and no child that it just forked
    victim.kill()
    assert "meek ended (SIGKILL)" in read_until(runner, "meek ended")
    assert processes.wait_until(lambda: len(running(data)) == 3, 300)
    assert victim.pid not in {process.pid for process in running(data)}


def test_a_second_runner_of_the_same_folder_leaves_the_first_alone(
    launch: Launch, data: Path
) -> None:
    started(launch, data)
    before = {process.pid for process in running(data)}
    second = launch(PYTHON, SCRIPT, data)
    assert "taken" in read_until(second, "taken")
    assert second.wait(300) == 1
    assert {process.pid for process in running(data)} == before


def test_two_folders_run_side_by_side(launch: Launch, data: Path, tmp_path: Path) -> None:
    first, other = started(launch, data), tmp_path / "other"
    second = started(launch, other)
    first.terminate()
    first.wait(300)
    assert running(data) == []
    assert len(running(other)) == 3
    second.terminate()
    second.wait(300)
    assert running(other) == []


def test_children_write_to_private_files_and_trouble_is_shown(launch: Launch, data: Path) -> None:
    runner = launch(PYTHON, SCRIPT, data)
    seen = read_until(runner, "stubborn is here")
    log = data / "logs" / "meek.log"
    assert processes.wait_until(lambda: log.stat().st_size > 0, 300)
    runner.terminate()
    runner.wait(300)
    assert "meek is here" not in seen
    assert log.read_text() == "meek is here\n"
    assert {p.stat().st_mode & 0o777 for p in (data / "logs").iterdir()} == {0o600}


def test_a_number_given_to_somebody_else_is_not_ours() -> None:
    ours = psutil.Process()
    assert processes.Identity(ours.pid, ours.create_time()).alive()
    assert not processes.Identity(ours.pid, ours.create_time() - 60).alive()
