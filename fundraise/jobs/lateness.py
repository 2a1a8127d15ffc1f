"""When a job is late: plain arithmetic."""

from __future__ import annotations

from datetime import datetime, timedelta


def is_late(
    now: datetime, *, known_since: datetime, last_done: datetime | None, allowed: int
) -> bool:
    """Whether more than `allowed` seconds have passed since the last done run.

    A job that was never done is counted from when the house first knew of it, so that a fresh
    installation rings no alarm before the first run could have come. One that is known anew (a demo
    that was off) is counted from then.
    """
    return now - max(known_since, last_done or known_since) > timedelta(seconds=allowed)
