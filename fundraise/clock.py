"""The only reader of time.

`now()` is real time plus an offset. The offset is zero in live mode; in demo and test mode the
process that starts up names a source for it with `use()` (the product reads it from its database,
a stand-in keeps what its control page was told), so that a whole campaign can be played in minutes.
Signatures and time-outs use real time, never this clock.

Dates are Europe/Stockholm; instants are aware UTC datetimes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")

OffsetSource = Callable[[], timedelta]


def _no_offset() -> timedelta:
    return timedelta(0)


_offset: OffsetSource = _no_offset


def use(source: OffsetSource | None) -> None:
    """Name where the offset comes from; None puts real time back."""
    global _offset
    _offset = source or _no_offset


def real_now() -> datetime:
    """Real time in UTC: for signatures, leases and time-outs."""
    return datetime.now(UTC)


def now() -> datetime:
    """The product's time in UTC."""
    return real_now() + _offset()


def today() -> date:
    """The product's date in Stockholm."""
    return local_date(now())


def local_date(at: datetime) -> date:
    """The date in Stockholm at an instant."""
    return at.astimezone(STOCKHOLM).date()
