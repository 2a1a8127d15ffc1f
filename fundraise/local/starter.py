"""Who started the runner, and whether they want it to end.

`make` does not pass SIGINT on: told `kill -INT`, it waits for its child, which never hears of it.
It does put its own handler away first, and Linux shows that. And a runner whose `make` is gone has
nobody left to stop it.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path


class Starter:
    def __init__(self) -> None:
        self._made = "MAKELEVEL" in os.environ
        self._parent = os.getppid()
        self._catches = _catches_interrupt(self._parent)

    def wants_stop(self) -> bool:
        if not self._made:
            return False
        if os.getppid() != self._parent:
            return True
        return self._catches and not _catches_interrupt(self._parent)


def _catches_interrupt(pid: int) -> bool:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    for line in lines:
        if line.startswith("SigCgt:"):
            return bool(int(line.split()[1], 16) >> (signal.SIGINT - 1) & 1)
    return False
