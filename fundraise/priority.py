"""Who lets others have the processor first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

POSTGRES = b"postgres: "  # what each of the server's processes calls itself


def lower(pid: int, steps: int) -> None:
    """Make a process that leads its session nicer by so many steps, and all that it starts.

    Linux shares the processor out among sessions before it looks at their processes (sched(7),
    "The autogroup feature"): the niceness of the process alone would count for nothing against
    those of other sessions. Where there are no such groups, that of the process does.
    """
    os.setpriority(os.PRIO_PROCESS, pid, steps)
    with suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(steps), encoding="ascii")


def share(*, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Make the server's process behind a new connection as nice as this one, where it may be.

    Half of a large appeal's work is the database's, and a donor's gift waits behind it as it would
    behind the worker. Only on this machine, and only where the system lets us: as the same user, or
    as root. Called by Django's `connection_created`.
    """
    steps = os.getpriority(os.PRIO_PROCESS, 0)
    if steps <= 0:
        return
    server: int = connection.connection.info.backend_pid
    with suppress(OSError):
        if Path(f"/proc/{server}/cmdline").read_bytes().startswith(POSTGRES):
            lower(server, steps)
