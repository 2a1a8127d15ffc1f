"""Run something in a process that is killed in the middle, as by SIGKILL from the kernel."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from django.db import connections


def die() -> None:
    """No handler, no clean-up, no roll-back sent."""
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_process_that_dies(work: Callable[[], object]) -> None:
    """Fork, run `work` in the child and wait for its death."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)  # it was meant to die; the parent sees that it did not
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
