"""One supervised process: how it is started, what it says, how long it waits to start again."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fundraise import priority
from fundraise.local import processes
from fundraise.local.logfiles import LogFile
from fundraise.local.places import CHECKOUT

LONGEST_PAUSE = 30.0
CALM = 60.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Spec:
    """A process to keep running. Stage 0 is stopped first; `patience` is its time to stop."""

    name: str
    command: tuple[str, ...]
    stage: int = 0
    patience: float = 3.0
    restart: bool = True
    private: bool = False  # what it prints is for the person at the terminal, never for a file
    nicer: int = 0  # by so many steps (fundraise/priority.py)


@dataclass
class Child:
    spec: Spec
    environ: Mapping[str, str]
    logs: Path
    process: subprocess.Popen[bytes] | None = None
    log: LogFile | None = None
    printed: list[bytes] = field(default_factory=list)
    code: int = 0
    crashes: int = 0
    begun: float = 0.0
    due: float = 0.0

    def start(self) -> int:
        """Start in a session of its own, so that Ctrl-C reaches only the runner."""
        if self.log is None and not self.spec.private:
            self.log = LogFile(self.logs, self.spec.name)
        self.begun = time.monotonic()
        self.due = 0.0
        self.process = subprocess.Popen(
            self.spec.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(self.environ),
            cwd=CHECKOUT,
            start_new_session=True,
            preexec_fn=_ending_with(os.getpid()),
        )
        if self.spec.nicer:
            priority.lower(self.process.pid, self.spec.nicer)
        assert self.process.stdout is not None  # noqa: S101 - for the type checker
        os.set_blocking(self.process.stdout.fileno(), False)
        return self.process.pid

    @property
    def output(self) -> int:
        assert self.process is not None  # noqa: S101
        assert self.process.stdout is not None  # noqa: S101
        return self.process.stdout.fileno()

    def read(self) -> bool:
        """Take what was printed; false at its end."""
        try:
            data = os.read(self.output, 65536)
        except BlockingIOError:
            return True
        if self.spec.private:
            self.printed.append(data)
        elif self.log is not None:
            self.log.feed(data)
        return bool(data)

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ended(self) -> int:
        """Note the end: sweep its group and set when to start again. Returns the exit code."""
        assert self.process is not None  # noqa: S101
        self.code = self.process.wait()
        processes.signal_group(self.process.pid, signal.SIGKILL)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None
        lasted = time.monotonic() - self.begun
        self.crashes = 1 if lasted > CALM else self.crashes + 1
        self.due = time.monotonic() + min(2.0 ** (self.crashes - 1), LONGEST_PAUSE)
        return self.code

    def tell(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            processes.signal_group(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        if self.log is not None:
            self.log.close()
            self.log = None


def _ending_with(parent: int) -> Callable[[], None] | None:
    """Have the kernel stop the child when the runner is killed, where the kernel can."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def set_death_signal() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return set_death_signal
