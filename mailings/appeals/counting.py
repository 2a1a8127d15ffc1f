"""How many messages of an appeal each fact is true of: a handful of rows, however many messages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from mailings.appeals.models import FateCount


@dataclass(frozen=True, slots=True)
class Hour:
    """A fact's figure in one hour of an appeal's life."""

    fact: str
    hour: datetime
    messages: int


def counts(appeal_id: int) -> dict[str, int]:
    """Fact → messages; facts that are true of none are missing."""
    rows = FateCount.objects.filter(appeal=appeal_id).values_list("fact")
    return {fact: total for fact, total in rows.annotate(Sum("messages")).order_by() if total}


def counts_by_content(appeal_id: int) -> dict[int, dict[str, int]]:
    """Content → fact → messages: what the versions under test are compared by."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = FateCount.objects.filter(appeal=appeal_id).values_list("content_id", "fact")
    for content, fact, total in rows.annotate(Sum("messages")).order_by():
        if total:
            found[content][fact] = total
    return dict(found)


def counts_of(appeal_ids: list[int]) -> dict[int, dict[str, int]]:
    """The same for many appeals in one query."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in appeal_ids}
    rows = FateCount.objects.filter(appeal__in=appeal_ids).values_list("appeal_id", "fact")
    for appeal, fact, total in rows.annotate(Sum("messages")).order_by():
        if total:
            found[appeal][fact] = total
    return found


def by_hour(appeal_id: int) -> list[Hour]:
    """The curve of each fact, hour by hour."""
    rows = FateCount.objects.filter(appeal=appeal_id).values_list("fact", "hour")
    summed = rows.annotate(Sum("messages")).order_by("hour", "fact")
    return [Hour(fact, hour, total) for fact, hour, total in summed if total]
