"""A port for a server that is started later, and given to nobody else meanwhile.

The kernel hands out ports above these; each of these is locked while the process that took it
lives.
"""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from pathlib import Path
from random import SystemRandom

PORTS = range(10_000, 20_000)
TAKEN: set[int] = set()
LOCKS = (Path(tempfile.gettempdir()) / f"fundraise-test-ports-{os.getuid()}").open("a")


def free_port() -> int:
    """Locked for this process to its end, and nobody listens there."""
    for port in SystemRandom().sample(PORTS, len(PORTS)):
        if port not in TAKEN and _is_ours(port) and _is_free(port):
            TAKEN.add(port)
            return port
    raise RuntimeError("no port is free")


def _is_ours(port: int) -> bool:
    try:
        fcntl.lockf(LOCKS, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
