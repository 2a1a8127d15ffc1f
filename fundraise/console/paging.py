"""Pages of long lists by the last row's key: no page is counted and no row is skipped over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Count, Model, QuerySet, Sum
from django.http import HttpRequest

SIZE = 50
COUNT_CAP = 100_000  # a selection larger than this is said to be so, not counted

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows newest first, and the addresses of the next and the first page."""

    rows: list[M]
    next_query: str
    first_query: str


def page_of(request: HttpRequest, rows: QuerySet[M]) -> Page[M]:
    """The page after the key in `before`, by primary key downwards."""
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows_here = rows.filter(pk__lt=int(before))
    else:
        before, rows_here = "", rows
    found = list(rows_here.order_by("-pk")[: SIZE + 1])
    more = len(found) > SIZE
    query = request.GET.copy()
    query.pop("before", None)
    first = query.urlencode()
    if more:
        query["before"] = str(found[SIZE - 1].pk)
    return Page(found[:SIZE], query.urlencode() if more else "", f"?{first}" if before else "")


@dataclass(frozen=True, slots=True)
class Foot:
    """Number and sums of a whole selection; `whole` is False when it is too large to count."""

    number: int
    sums: dict[str, int]
    whole: bool


def foot(rows: QuerySet[Any], *fields: str) -> Foot:
    """The totals of at most COUNT_CAP rows, so that a million rows never hold a page up."""
    part = rows.order_by()[: COUNT_CAP + 1]
    totals = part.aggregate(number=Count("pk"), **{name: Sum(name) for name in fields})
    number = totals.pop("number")
    return Foot(
        number=min(number, COUNT_CAP),
        sums={name: int(total or 0) for name, total in totals.items()},
        whole=number <= COUNT_CAP,
    )


def capped_count(rows: QuerySet[Any], cap: int = 1000) -> int:
    """How many rows, counted no further than one past the cap."""
    return rows.order_by()[: cap + 1].count()
