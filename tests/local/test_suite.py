"""The two streams of `make test`: what either finds counts, and both end when told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from fundraise.local import prepare, processes, ready, suite
from fundraise.local.places import CHECKOUT
from fundraise.local.suite import Stream

PLAIN = ("-c", os.devnull, "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:randomly")
HOLDS, FAILS = "def test_it() -> None:\n    pass\n", "def test_it() -> None:\n    assert 1 == 2\n"
WAITS = """
import os, pathlib, time

def test_it():
    here = pathlib.Path(__file__)
    here.with_suffix(".pid.new").write_text(str(os.getpid()))
    here.with_suffix(".pid.new").rename(here.with_suffix(".pid"))
    try:
        time.sleep(300)
    finally:
        here.with_suffix(".ended").touch()
"""
BOTH = """
import sys
from fundraise.local import suite

suite.prepare.run = suite.ready.run = lambda: None
suite._both = lambda: [suite.Stream(name, {plain} + (name,)) for name in {files}]
sys.exit(suite.run([]))
"""


def stream(folder: Path, name: str, text: str) -> Stream:
    file = folder / f"test_{name}.py"
    file.write_text(text)
    return Stream(name, (*PLAIN, "--rootdir", str(folder), str(file)))


@pytest.fixture(autouse=True)
def _nothing_to_prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "run", lambda: 0)
    monkeypatch.setattr(ready, "run", lambda: False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take longer than the tests


def run_both(monkeypatch: pytest.MonkeyPatch, streams: list[Stream]) -> int:
    monkeypatch.setattr(suite, "_both", lambda: streams)
    return suite.run([])


@pytest.mark.parametrize(("one", "two"), [(HOLDS, FAILS), (FAILS, HOLDS)], ids=["2", "1"])
def test_a_failure_in_either_stream_fails_and_is_counted(
    one: str, two: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    streams = [stream(tmp_path, "one", one), stream(tmp_path, "two", two)]
    assert run_both(monkeypatch, streams) == 1
    said = capfd.readouterr().out
    assert "assert 1 == 2" in said
    assert said.splitlines()[-1].startswith("1 passed, 1 failed in ")


def test_streams_run_at_once_and_are_told_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    waits = "import pathlib, time\n\ndef test_it():\n    until = time.monotonic() + 300\n"
    waits += f"    while not pathlib.Path({str(tmp_path / 'two')!r}).exists():\n"
    waits += "        assert time.monotonic() < until\n        time.sleep(0.05)\n"
    tells = f"def test_it():\n    open({str(tmp_path / 'two')!r}, 'w').close()\n"
    streams = [stream(tmp_path, "one", waits), stream(tmp_path, "two", tells)]
    assert run_both(monkeypatch, streams) == 0
    said = capfd.readouterr().out.splitlines()
    heads = [line for line in said if line.startswith("--- ")]
    ends = [line for line in said if "1 passed in" in line]
    assert [head.split()[1] for head in heads] == ["one:", "two:"]
    assert said.index(ends[0]) < said.index(heads[1])
    assert said[-1].startswith("2 passed, 0 failed in ")
    assert [list(one.lines()) for one in streams] == [[], []]  # Ctrl-C asks again, and waits not


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_both_streams_end_in_order(number: signal.Signals, tmp_path: Path) -> None:
    files = [tmp_path / "test_one.py", tmp_path / "test_two.py"]
    for file in files:
        file.write_text(WAITS)
    script = BOTH.format(plain=(*PLAIN, "--rootdir", str(tmp_path)), files=[str(f) for f in files])
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=CHECKOUT, text=True,
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    ) as runner:  # fmt: skip
        pids = [file.with_suffix(".pid") for file in files]
        begun = processes.wait_until(lambda: all(pid.exists() for pid in pids), 300)
        runner.send_signal(number)
        said = runner.communicate(timeout=300)[0]
    assert begun
    assert runner.returncode == 1
    assert [file.with_suffix(".ended").exists() for file in files] == [True, True]
    assert not any(psutil.pid_exists(int(pid.read_text())) for pid in pids)
    assert sum(line.startswith("--- ") for line in said.splitlines()) == 2
    assert "0 passed, 0 failed (pytest itself failed)" in said.splitlines()[-1]


STANDS = """
import signal, threading

def test_it():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    threading.Event().wait()
"""


def test_a_stream_that_stands_still_says_where_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(suite, "SILENT", 3.0)
    streams = [stream(tmp_path, "one", STANDS), stream(tmp_path, "two", HOLDS)]
    assert run_both(monkeypatch, streams) == 1
    said = capfd.readouterr().out
    assert "Nothing is heard for 3 s." in said
    assert "in test_it" in said
    assert said.splitlines()[-1].startswith("1 passed, 0 failed (pytest itself failed) in ")


def test_a_test_that_stands_still_is_told_by_its_name() -> None:
    for one in suite._both():
        assert float(one.words[one.words.index("--timeout") + 1]) < suite.SILENT
