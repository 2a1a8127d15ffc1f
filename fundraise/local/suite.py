"""`make test`: two streams of tests side by side, told one after the other, and one line at last.

What starts servers of its own mostly waits for them, which leaves the processors to the rest. The
rest is nicer by some steps, so that those servers start as fast as on a quiet machine.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import FrameType

from fundraise.local import prepare, processes, ready
from fundraise.local.logfiles import say
from fundraise.local.places import CHECKOUT

NO_TESTS = 5
NICER = 5
PARALLEL = ("--dist", "worksteal")  # nobody is left with the slow ones at the end
STUCK = ("--timeout", "600")  # the longest test takes one of those ten minutes; says where it stood
SILENT = 1200.0  # what is left to stand still where no test does: sharing out, ending
TOLD_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
COUNTED = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")
ENDING = re.compile(r"^=+ .*\bin [\d.]+s.* =+$|^.*\bin [\d.]+s( \([\d:]+\))?$")


def run(words: list[str]) -> int:
    """Words given are passed to pytest; then it is one stream, as the person asked for it."""
    prepare.run()
    if not words:
        ready.run()
    begun = time.monotonic()
    streams = [Stream("", tuple(words))] if words else _both()
    codes = _told(streams)
    failed = any(code not in {0, NO_TESTS} for code in codes) or all(c == NO_TESTS for c in codes)
    counts = _sum([stream.counts for stream in streams])
    say(_summary(counts, time.monotonic() - begun, failed=failed))
    return 1 if failed else 0


@dataclass
class Stream:
    """One pytest. What it prints waits here until it is asked for."""

    name: str
    words: tuple[str, ...]
    nicer: int = 0
    headed: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    _said: SimpleQueue[str | None] = field(default_factory=SimpleQueue)
    _heard: float = field(default_factory=time.monotonic)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "pytest", *self.words),
            cwd=CHECKOUT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, process_group=0,
        )  # fmt: skip
        if self.nicer:
            os.setpriority(os.PRIO_PROCESS, self._process.pid, self.nicer)
        threading.Thread(target=self._read, daemon=True).start()

    def lines(self) -> Iterator[str]:
        """Every line, as they come, to the end; the counts are read off the last."""
        while (line := self._next()) is not None:
            if ENDING.match(line.strip()):
                self.counts = _counted(line)
            yield line
        self._said.put(None)  # for who asks once more

    def _next(self) -> str | None:
        while True:
            try:
                return self._said.get(timeout=1.0)
            except Empty:
                if time.monotonic() - self._heard > SILENT:
                    self._heard = time.monotonic()
                    say(f"Nothing is heard for {SILENT:.0f} s. Where each process stands:")
                    self.signal(signal.SIGABRT)  # pytest's faulthandler tells it, and they end

    def code(self) -> int:
        assert self._process is not None  # noqa: S101 - for the type checker
        return self._process.wait()

    def signal(self, number: int) -> None:
        """To pytest and its workers, as a terminal does it."""
        if self._process is not None and self._process.poll() is None:
            processes.signal_group(self._process.pid, number)

    def _read(self) -> None:
        assert self._process is not None  # noqa: S101
        assert isinstance(self._process.stdout, io.BufferedReader)  # noqa: S101
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        begun = ""
        while data := self._process.stdout.read1():  # a dot without its line is a sign of life
            self._heard = time.monotonic()
            *lines, begun = (begun + decoder.decode(data)).split("\n")
            for line in lines:
                self._said.put(line)
        if begun:
            self._said.put(begun)
        self._said.put(None)


def _both() -> list[Stream]:
    return [
        Stream("In parallel", (*PARALLEL, "-n", _processes(), *STUCK, "-m", "not serial"), NICER),
        Stream("One at a time", ("-p", "no:xdist", *STUCK, "-m", "serial")),
    ]


def _processes() -> str:
    """Two more than processors: each waits for browsers and servers a fifth of the time."""
    return str(max(4, min((os.cpu_count() or 2) + 2, 6)))


def _told(streams: list[Stream]) -> list[int]:
    """Run all at once, tell one after the other; being told to stop ends every one of them."""
    before = {number: signal.signal(number, _as_ctrl_c) for number in TOLD_TO_STOP}
    try:
        for stream in streams:
            stream.start()
        _tell(streams)
    except KeyboardInterrupt:
        _end(streams)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return [stream.code() for stream in streams]


def _tell(streams: list[Stream]) -> None:
    for stream in streams:
        if stream.name and not stream.headed:
            stream.headed = True
            say(f"--- {stream.name}: pytest {' '.join(stream.words)}")
        for line in stream.lines():
            say(line)


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end(streams: list[Stream]) -> None:
    """In order; told a second time, at once. That they were stopped is in their codes."""
    try:
        say("Stopping the tests …")
        for stream in streams:
            stream.signal(signal.SIGINT)
        _tell(streams)
    except KeyboardInterrupt:
        for stream in streams:
            stream.signal(signal.SIGKILL)


def _counted(line: str) -> dict[str, int]:
    return {
        word.removesuffix("s") if word == "errors" else word: int(number)
        for number, word in COUNTED.findall(line)
    }


def _sum(counts: list[dict[str, int]]) -> dict[str, int]:
    names = {name for counted in counts for name in counted}
    return {name: sum(counted.get(name, 0) for counted in counts) for name in names}


def _summary(counts: dict[str, int], seconds: float, *, failed: bool) -> str:
    passed = counts.get("passed", 0)
    broken = counts.get("failed", 0) + counts.get("error", 0)
    line = f"{passed} passed, {broken} failed"
    if counts.get("skipped"):
        line += f", {counts['skipped']} skipped"
    if failed and not broken:
        line += " (pytest itself failed)"
    return f"{line} in {seconds:.0f} s"
