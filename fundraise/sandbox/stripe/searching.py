"""Search: Stripe's query language as far as `metadata["x"]:"y"`, `status:"z"` joined by AND."""

from __future__ import annotations

import re

from fundraise.sandbox.stripe import lists
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import invalid
from fundraise.sandbox.stripe.world import World

TERM = re.compile(
    r"""\s*(?:metadata\[(['"])(?P<name>.+?)\1\]|(?P<field>\w+))\s*:\s*(['"])(?P<value>.*?)\4\s*"""
)
FIELDS = {"status", "customer", "email", "currency", "name"}


def search(world: World, kind: str, url: str, params: Json) -> Json:
    query = lists.Query(kind)
    for term in _terms(params["query"]):
        _add(query, kind, term)
    # What was made a moment ago is not found yet.
    query.also("created <= ?", world.now() - int(world.knobs["search_lag_seconds"]))
    after = {"starting_after": params["page"]} if "page" in params else {}
    found = lists.page(world, url, query, {"limit": params.get("limit", 10)} | after)
    next_page = found["data"][-1]["id"] if found["has_more"] else None
    return found | {"object": "search_result", "next_page": next_page}


def _terms(text: str) -> list[re.Match[str]]:
    matches = [TERM.fullmatch(part) for part in re.split(r"\bAND\b", text)]
    if not all(matches):
        raise invalid("We were unable to parse your search query.", param="query")
    return [match for match in matches if match]


def _add(query: lists.Query, kind: str, term: re.Match[str]) -> None:
    name, field = term["name"], term["field"]
    if name is not None:
        query.also(
            "id IN (SELECT object FROM metadata WHERE kind = ? AND name = ? AND value = ?)",
            kind, name, term["value"],
        )  # fmt: skip
    elif field in FIELDS:
        query.also("json_extract(body, '$.' || ?) = ?", field, term["value"])
    else:
        raise invalid(f"Field `{field}` is an unsupported search field.", param="query")
