"""Metadata: its limits, and how an update merges it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import invalid

MAX_KEYS, MAX_NAME, MAX_VALUE = 50, 40, 500


def checked(given: Any, param: str = "metadata") -> dict[str, str]:
    values: dict[str, str] = given or {}
    if len(values) > MAX_KEYS:
        raise invalid(f"You can store up to {MAX_KEYS} keys in metadata.", param=param)
    for name, value in values.items():
        if len(name) > MAX_NAME:
            raise invalid(f"Metadata keys can have up to {MAX_NAME} characters.", param=param)
        if len(value) > MAX_VALUE:
            message = f"Metadata values can have up to {MAX_VALUE} characters."
            raise invalid(message, param=f"{param}[{name}]")
    return values


def merged(old: dict[str, str], given: Any) -> dict[str, str]:
    """An empty value unsets a key; an empty string unsets all."""
    if given == "":
        return {}
    together = old | checked(given)
    return checked({name: value for name, value in together.items() if value != ""})


def update(obj: Json, params: Json, fields: Iterable[str]) -> Json:
    """Change plain fields ("" unsets) and metadata; returns what they were before."""
    changes = {name: params[name] or None for name in fields if name in params}
    if "metadata" in params:
        changes["metadata"] = merged(obj["metadata"], params["metadata"])
    previous = {name: obj[name] for name, value in changes.items() if obj[name] != value}
    obj |= changes
    return previous
