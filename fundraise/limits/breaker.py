"""The circuit breaker: opens when the declines of the last minutes look like card testing.

Open means that a proof of work is asked for before a gift is begun; nothing is closed by it. It
opens on the share of declined tries (with a least number of them, so that two declines at night are
none), or when very many gifts are begun and hardly any is paid. It closes by itself after a calm,
at half of those figures, and each opening in a row needs a calm twice as long as the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings

from fundraise.limits import tally
from fundraise.limits.models import Breaker

LONGEST_CALM = timedelta(hours=24)
IN_A_ROW = timedelta(hours=24)  # an opening so soon after a closing goes on counting
MOST_COUNTED = 20
PAID_PERCENT = 5  # of many begun gifts, fewer paid than this is no appeal that went well


class Change(Enum):
    """What a look at the figures led to."""

    OPENED = "opened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened within the window."""

    begun: int = 0
    declined: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """When figures are bad."""

    declines: int
    percent: int
    unpaid: int

    def is_bad(self, seen: Figures) -> bool:
        """Whether this is no ordinary day."""
        answered = seen.declined + seen.paid
        tested = seen.declined >= self.declines and seen.declined * 100 >= self.percent * answered
        flooded = seen.begun >= self.unpaid and seen.paid * 100 < PAID_PERCENT * seen.begun
        return tested or flooded

    def halved(self) -> Rule:
        """The rule that must not be broken for it to close: opening and closing lie apart."""
        return Rule(max(1, self.declines // 2), self.percent // 2, max(1, self.unpaid // 2))


def rule() -> Rule:
    """The rule of the settings."""
    return Rule(
        settings.BREAKER_DECLINES, settings.BREAKER_DECLINE_PERCENT, settings.BREAKER_UNPAID
    )


def figures(scope: str, now: datetime) -> Figures:
    """What happened within the window that ends now."""
    seen = tally.totals(scope, now - timedelta(minutes=settings.BREAKER_WINDOW_MINUTES))
    return Figures(seen.get("begun", 0), seen.get("declined", 0), seen.get("paid", 0))


def is_open(scope: str) -> bool:
    """Whether a proof is asked for."""
    return Breaker.objects.filter(scope=scope, opened_at__isnull=False).exists()


def look(scope: str, now: datetime) -> Change | None:
    """Open or close the breaker as the figures say; of several who look at once one is told."""
    row = Breaker.objects.filter(scope=scope).first()
    seen = figures(scope, now)
    if row is None or row.opened_at is None:
        return Change.OPENED if rule().is_bad(seen) and _open(scope, row, now) else None
    if rule().halved().is_bad(seen):
        Breaker.objects.filter(pk=row.pk, bad_at__lt=now).update(bad_at=now)
        return None
    if now - row.bad_at < calm_of(row.openings):
        return None
    closed = Breaker.objects.filter(pk=row.pk, opened_at=row.opened_at)
    return Change.CLOSED if closed.update(opened_at=None, closed_at=now) else None


def calm_of(openings: int) -> timedelta:
    """How long it must be calm before it closes."""
    shortest = timedelta(minutes=settings.BREAKER_CALM_MINUTES)
    return min(shortest * (1 << min(openings - 1, 16)), LONGEST_CALM)


def _open(scope: str, row: Breaker | None, now: datetime) -> bool:
    if row is None:
        return Breaker.objects.get_or_create(
            scope=scope, defaults={"opened_at": now, "bad_at": now}
        )[1]
    in_a_row = row.closed_at is not None and now - row.closed_at < IN_A_ROW
    openings = min(row.openings + 1, MOST_COUNTED) if in_a_row else 1
    return (
        Breaker.objects.filter(pk=row.pk, opened_at=None).update(
            opened_at=now, bad_at=now, openings=openings
        )
        == 1
    )
