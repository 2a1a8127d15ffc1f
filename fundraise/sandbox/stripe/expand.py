"""`expand[]`: ids in an answer replaced with the objects, four levels deep at most."""

from __future__ import annotations

from collections.abc import Callable

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import invalid
from fundraise.sandbox.stripe.world import World

MAX_DEPTH = 4

# Fields that are left out unless asked for: (object, field) -> what fills them.
INCLUDABLE: dict[tuple[str, str], Callable[[World, Json], Json]] = {}

# Fields that an object has only sometimes: asking to expand them is never wrong.
SOMETIMES = {("refund", "failure_balance_transaction")}

# Strings that look like references and are none.
NEVER = {"id", "object", "client_reference_id", "destination"}


def expand(world: World, obj: Json, paths: list[str]) -> Json:
    for path in paths:
        parts = path.split(".")
        if len(parts) > MAX_DEPTH + (parts[0] == "data"):
            raise invalid(f"You cannot expand more than {MAX_DEPTH} levels.", param="expand")
        _expand(world, obj, parts, path)
    return obj


def _expand(world: World, obj: Json, parts: list[str], path: str) -> None:
    name, rest = parts[0], parts[1:]
    if obj.get("object") in ("list", "search_result") and name == "data":
        for child in obj["data"]:
            _expand(world, child, rest, path) if rest else None
        return
    _fill(world, obj, name, path)
    child = obj.get(name)
    if rest and isinstance(child, dict):
        _expand(world, child, rest, path)


def _fill(world: World, obj: Json, name: str, path: str) -> None:
    fill = INCLUDABLE.get((obj.get("object", ""), name))
    if fill is not None and name not in obj:
        obj[name] = fill(world, obj)
    if name not in obj and (obj.get("object", ""), name) in SOMETIMES:
        return
    if name not in obj or name in NEVER:
        message = f"This property cannot be expanded ({path})."
        raise invalid(message, param="expand")
    if isinstance(obj[name], str):
        found = world.store.get(obj[name])
        if found is None:
            raise invalid(f"This property cannot be expanded ({path}).", param="expand")
        obj[name] = found
