"""Who lets others have the processor first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def lower(pid: int, steps: int) -> None:
    """Make a process that leads its session nicer by so many steps, and all that it starts.

    Linux shares the processor out among sessions before it looks at their processes (sched(7),
    "The autogroup feature"): the niceness of the process alone would count for nothing against
    those of other sessions. Where there are no such groups, that of the process does.
    """
    os.setpriority(os.PRIO_PROCESS, pid, steps)
    with suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(steps), encoding="ascii")
