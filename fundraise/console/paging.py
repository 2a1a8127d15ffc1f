"""Pages of long lists by the last row's key: no page is counted and no row is skipped over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from psycopg import sql

SIZE = 50
COUNT_CAP = 100_000  # a selection larger than this is said to be so, not counted

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows newest first, and the addresses of the next and the first page."""

    rows: list[M]
    next_query: str
    first_query: str


def page_of(request: HttpRequest, rows: QuerySet[M], key: str = "pk") -> Page[M]:
    """The page after the key in `before`, by primary key (or what stands for it) downwards."""
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows_here = rows.filter(**{f"{key}__lt": int(before)})
    else:
        before, rows_here = "", rows
    found = list(rows_here.order_by(f"-{key}")[: SIZE + 1])
    more = len(found) > SIZE
    query = request.GET.copy()
    query.pop("before", None)
    first = query.urlencode()
    if more:
        query["before"] = str(getattr(found[SIZE - 1], key))
    return Page(found[:SIZE], query.urlencode() if more else "", f"?{first}" if before else "")


@dataclass(frozen=True, slots=True)
class Foot:
    """Number and sums of a whole selection; `whole` is False when it is too large to count."""

    number: int
    sums: dict[str, int]
    whole: bool


def foot(rows: QuerySet[Any], *fields: str, key: str = "pk") -> Foot:
    """The totals of at most COUNT_CAP rows, so that a million rows never hold a page up."""
    part = rows.order_by().values_list(key, *fields)[: COUNT_CAP + 1]
    try:
        inner, params = part.query.sql_with_params()
    except EmptyResultSet:  # nothing can be among these rows, so no query is needed
        return Foot(0, dict.fromkeys(fields, 0), whole=True)
    names = sql.SQL(", ").join(sql.Identifier(f"c{n}") for n in range(len(fields) + 1))
    totals = [sql.SQL("sum({})").format(sql.Identifier(f"c{n + 1}")) for n in range(len(fields))]
    whole = sql.SQL("SELECT {} FROM ({}) AS part ({})").format(
        sql.SQL(", ").join([sql.SQL("count(*)"), *totals]),
        sql.SQL(inner),
        names,
    )
    with connection.cursor() as cursor:
        cursor.execute(whole, params)
        number, *found = cursor.fetchone()
    return Foot(
        number=min(number, COUNT_CAP),
        sums={name: int(ore or 0) for name, ore in zip(fields, found, strict=True)},
        whole=number <= COUNT_CAP,
    )


def capped_count(rows: QuerySet[Any], cap: int = 1000) -> int:
    """How many rows, counted no further than one past the cap."""
    return rows.order_by()[: cap + 1].count()
