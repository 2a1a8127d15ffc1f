"""What a benchmark may use of the machine, and the processes that it starts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

READY_SECONDS = 30.0
END_SECONDS = 10.0
Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class House:
    """The benchmark's folder and the commands of the service, as `make run` starts them."""

    folder: Path
    pgbench: Path | None
    sockets: str
    web: Callable[[int], Command]
    worker: Callable[[str, int], Command]
    stripe: Callable[[int, str], Command]
    settings: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def running(self, name: str, command: Command, **more: str) -> Iterator[int]:
        """A process while the block runs; yields its number. What it says goes to a file."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                list(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.settings, **more},
            )  # fmt: skip
        try:
            yield process.pid
        finally:
            _end(process)

    def said(self, name: str) -> str:
        """The last words of a process, for an error."""
        text = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return text[-2000:]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Until somebody answers, whatever the answer. Raises TimeoutError."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own http address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nobody answers at {url}")
