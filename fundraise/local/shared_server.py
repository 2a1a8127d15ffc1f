"""A server of our own that any number of processes share: the first starts it, the last ends it."""

from __future__ import annotations

import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

import psutil

from fundraise.local.shares import Share, alone


class SharedServer(ABC):
    """What the embedded servers have in common; `home` is the folder of its files."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.log = home / "server.log"
        self._share = Share(home / "users.lock")
        self._child: subprocess.Popen[bytes] | None = None

    def ensure(self) -> bool:
        """See that it answers and hold a share in it; true when this call started it."""
        with alone(self.home / "start.lock"):
            self._look_first()
            started = False
            if not self.answers():
                self._end_server()
                self._start()
                started = True
            self._share.take()
            return started

    def leave(self) -> bool:
        """Give the share back; the last one to leave stops it. True when it stopped."""
        with alone(self.home / "start.lock"):
            last = self._share.drop()
            if last:
                self._end_server()
            return last

    def stop(self, seconds: float = 5.0) -> None:
        """Stop it, whoever uses it."""
        with alone(self.home / "start.lock"):
            self._share.drop()
            self._end_server(seconds)

    def running(self) -> bool:
        """Cheaper than asking it: whether its process is there."""
        return self._server() is not None

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes questions now."""

    def _look_first(self) -> None:  # noqa: B027 (nothing, unless there is something)
        """What is seen to before it is asked whether it answers."""

    @abstractmethod
    def _start(self) -> None:
        """Start it and wait until it answers. Raises LocalError."""

    @abstractmethod
    def _server(self) -> psutil.Process | None:
        """Its process, whoever started it."""

    @abstractmethod
    def _end_server(self, seconds: float = 5.0) -> None:
        """End it, by force after so many seconds."""
