"""Form-encoded nested parameters: `a[b][0][c]=x` into {"a": {"b": [{"c": "x"}]}}."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import invalid

MAX_DEPTH = 10
MAX_FIELDS = 5000
# Free keys live here: a metadata key may be a number without making a list of it.
FREE_KEYS = {"metadata"}


def decode(raw: str) -> Json:
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as problem:
        raise invalid("Too many parameters.") from problem
    tree: Json = {}
    for name, value in pairs:
        _put(tree, _path(name), value)
    return {key: _lists(value, key) for key, value in tree.items()}


def _path(name: str) -> list[str]:
    head, _, rest = name.partition("[")
    parts = [head, *(part.removesuffix("]") for part in rest.split("["))] if rest else [head]
    if len(parts) > MAX_DEPTH or not head:
        raise invalid(f"Invalid parameter name: {name[:80]}")
    return parts


def _put(tree: Json, path: list[str], value: str) -> None:
    node = tree
    for part in path[:-1]:
        node = node.setdefault(part or str(len(node)), {})
        if not isinstance(node, dict):
            raise invalid(f"Invalid object: {path[0]}", param=path[0])
    node[path[-1] or str(len(node))] = value


def _lists(value: Any, key: str) -> Any:
    if not isinstance(value, dict):
        return value
    children = {name: _lists(child, name) for name, child in value.items()}
    if key not in FREE_KEYS and children and all(name.isdigit() for name in children):
        return [children[name] for name in sorted(children, key=int)]
    return children
