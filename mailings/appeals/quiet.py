"""Quiet hours: the hours on an appeal's own clock in which nobody is mailed without a reason."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from fundraise import clock
from mailings.appeals import wall_clock


def at(moment: datetime, zone: str) -> bool:
    """Whether a moment lies in them."""
    return wall_clock.is_quiet(
        moment, zone, settings.APPEAL_QUIET_FROM, settings.APPEAL_QUIET_UNTIL
    )


def now(zone: str) -> bool:
    """Whether it is quiet now."""
    return at(clock.now(), zone)
