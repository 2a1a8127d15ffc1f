"""The clock on the wall, and the instant that it means. Plain Python.

A time of the day may not exist (the hour that summer time leaps over) or be there twice (the hour
that it gives back). The first is refused; of the second the sender says which one is meant.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FORM = "%Y-%m-%dT%H:%M"
FIRST, SECOND = 0, 1


class WallClockError(ValueError):
    """No instant. `code`: unreadable, unknown_zone, skipped or ambiguous."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def instant(local: str, zone: str, *, which: int | None = None) -> datetime:
    """The instant of a time like 2026-12-01T18:03 in a zone. Raises WallClockError.

    `which` is asked for where the time is there twice: FIRST is still summer time.
    """
    where = _zone(zone)
    wall = _read(local)
    first, second = (_instant(wall, where, fold) for fold in (FIRST, SECOND))
    if first is None or second is None:
        raise WallClockError("skipped")
    if first != second and which is None:
        raise WallClockError("ambiguous")
    return second if which == SECOND else first


def local_of(at: datetime, zone: str) -> str:
    """The clock on the wall at an instant."""
    return at.astimezone(_zone(zone)).strftime(FORM)


def is_quiet(at: datetime, zone: str, begins: int, ends: int) -> bool:
    """Whether an instant lies in the hours from `begins` to `ends` o'clock, over midnight too."""
    hour = at.astimezone(_zone(zone)).hour
    if begins == ends:
        return False
    return begins <= hour < ends if begins < ends else hour >= begins or hour < ends


def odd_minute(at: datetime) -> datetime:
    """The next moment at an odd minute: everybody else's mail leaves at the full and half hour."""
    return at if at.minute % 2 else (at + timedelta(minutes=1)).replace(second=0, microsecond=0)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WallClockError("unknown_zone") from None


def _read(local: str) -> datetime:
    try:
        return datetime.strptime(local, FORM)  # noqa: DTZ007 - the zone comes beside it
    except ValueError:
        raise WallClockError("unreadable") from None


def _instant(wall: datetime, where: ZoneInfo, fold: int) -> datetime | None:
    """None when going there and back does not lead to the same clock: it never shows this time."""
    at = wall.replace(tzinfo=where, fold=fold).astimezone(UTC)
    back = at.astimezone(where)
    return at if back.replace(tzinfo=None) == wall else None
