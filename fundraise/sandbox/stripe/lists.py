"""Lists: filters, cursors, `has_more`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import invalid, no_such
from fundraise.sandbox.stripe.world import World

RANGES = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


@dataclass
class Query:
    kind: str
    where: list[str] = field(default_factory=list)
    args: list[Any] = field(default_factory=list)

    def equals(self, column: str, value: Any) -> Query:
        if value is not None:
            self.where.append(f"{column} = ?")
            self.args.append(value)
        return self

    def also(self, condition: str, *args: Any) -> Query:
        self.where.append(condition)
        self.args.extend(args)
        return self


def page(world: World, url: str, query: Query, params: Json) -> Json:
    """One page, newest first, as Stripe's list object."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise invalid("This value must be between 1 and 100 (inclusive).", param="limit")
    _created(query, params.get("created"))
    backwards = _cursors(world, query, params)
    order = "ASC" if backwards else "DESC"
    sql = " AND ".join(["kind = ?", *query.where])
    rows = world.store.query(
        # Conditions are written here and in the handlers; what a caller sends is bound.
        f"SELECT body FROM objects WHERE {sql} ORDER BY seq {order} LIMIT ?",  # noqa: S608
        query.kind, *query.args, limit + 1,
    )  # fmt: skip
    data = [json.loads(body) for (body,) in rows[:limit]]
    if backwards:
        data.reverse()
    return {"object": "list", "data": data, "has_more": len(rows) > limit, "url": url}


def whole(url: str, data: list[Json]) -> Json:
    return {"object": "list", "data": data, "has_more": False, "url": url}


def _created(query: Query, created: Any) -> None:
    if isinstance(created, int):
        query.equals("created", created)
    for name, value in created.items() if isinstance(created, dict) else ():
        query.also(f"created {RANGES[name]} ?", value)


def _cursors(world: World, query: Query, params: Json) -> bool:
    for name, sign in (("starting_after", "<"), ("ending_before", ">")):
        cursor = params.get(name)
        if not cursor:
            continue
        rows = world.store.query(
            "SELECT seq FROM objects WHERE id = ? AND kind = ?", cursor, query.kind
        )
        if not rows:
            raise no_such(query.kind.rpartition(".")[2], cursor, name)
        query.also(f"seq {sign} ?", rows[0][0])
    return bool(params.get("ending_before"))
