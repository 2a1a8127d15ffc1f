"""How fast mail leaves: token buckets in the database, in all and for each kind of mailbox.

A bucket holds what may leave now, at most five minutes' worth, and goes below zero by a batch: so
an hour's sum is right whatever the size of the batches. Without a limit there is no bucket and no
lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from mailings.appeals.families import FAMILIES
from mailings.appeals.models import Bucket

ALL = "all"
HOUR = 3600.0
BURST = 300.0  # seconds' worth that a bucket holds


def limits() -> dict[str, int]:
    """Mails an hour by bucket; what has no limit has none."""
    asked: Mapping[str, int] = settings.APPEAL_FAMILY_PER_HOUR
    found = {name: int(asked[name]) for name in FAMILIES if asked.get(name)}
    if settings.APPEAL_PER_HOUR:
        found[ALL] = settings.APPEAL_PER_HOUR
    return found


@dataclass(slots=True)
class Buckets:
    """The buckets as they stand, locked until the transaction ends."""

    rows: dict[str, Bucket] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing at all may leave."""
        return ALL in self.rows and self.rows[ALL].level <= 0

    @property
    def full(self) -> list[str]:
        """The kinds of mailboxes that get nothing now."""
        return [name for name, row in self.rows.items() if name != ALL and row.level <= 0]

    def take(self, family: str, people: int) -> None:
        """So many leave for a kind of mailbox."""
        for name in (ALL, family):
            if name in self.rows:
                row = self.rows[name]
                row.level -= people
                row.save(update_fields=["level"])


def fill(now: datetime) -> Buckets:
    """The buckets with what has run in since, in one order for everybody."""
    asked = limits()
    if not asked:
        return Buckets()
    Bucket.objects.bulk_create(
        [
            Bucket(name=name, level=per_hour * BURST / HOUR, filled_at=now)
            for name, per_hour in asked.items()
        ],
        ignore_conflicts=True,
    )
    rows = Bucket.objects.select_for_update().filter(name__in=asked).order_by("name")
    return Buckets({row.name: _filled(row, asked[row.name], now) for row in rows})


def _filled(row: Bucket, per_hour: int, now: datetime) -> Bucket:
    seconds = max(0.0, (now - row.filled_at).total_seconds())
    row.level = min(per_hour * BURST / HOUR, row.level + seconds * per_hour / HOUR)
    row.filled_at = now
    row.save(update_fields=["level", "filled_at"])
    return row
