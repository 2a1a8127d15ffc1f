"""Counts per minute: cheap to add to under a flood, cheap to add up.

A count is one upsert of a row of its minute and of one shard of several, so that a flood does not
stand in line for one row.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncHour

from fundraise.limits.models import Tally

SHARDS = 8
KEPT_FOR = timedelta(days=14)

_ADD = """
  INSERT INTO limits_tally AS t (scope, kind, minute, shard, number) VALUES (%s, %s, %s, %s, 1)
  ON CONFLICT (scope, minute, kind, shard) DO UPDATE SET number = t.number + 1"""


def count(scope: str, kind: str, now: datetime) -> None:
    """Something of this kind happened."""
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [scope, kind, minute, secrets.randbelow(SHARDS)])


def totals(scope: str, since: datetime) -> dict[str, int]:
    """How often each kind happened since the minute of an instant."""
    first = since.replace(second=0, microsecond=0)
    rows = Tally.objects.filter(scope=scope, minute__gte=first).values_list("kind")
    return dict(rows.annotate(Sum("number")))


def by_hour(scope: str, since: datetime) -> dict[datetime, dict[str, int]]:
    """The same for each hour in which something happened, the newest first."""
    rows = Tally.objects.filter(scope=scope, minute__gte=since)
    summed = rows.annotate(hour=TruncHour("minute")).values_list("hour", "kind")
    hours: dict[datetime, dict[str, int]] = {}
    for hour, kind, number in summed.annotate(Sum("number")).order_by("-hour"):
        hours.setdefault(hour, {})[kind] = number
    return hours


def prune(now: datetime) -> int:
    """Forget old counts."""
    return Tally.objects.filter(minute__lt=now - KEPT_FOR).delete()[0]
