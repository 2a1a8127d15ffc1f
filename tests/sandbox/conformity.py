"""Does an answer carry only what the SDK's class declares, and all that Stripe always sends?"""

from __future__ import annotations

from typing import Any

import stripe
from stripe._object_classes import get_object_class

Json = dict[str, Any]


def unknown_keys(obj: Json, cls: Any = None, where: str = "") -> list[str]:
    """Paths of keys that the SDK's class does not declare, nested classes included."""
    if cls is None:
        cls = get_object_class("V1", obj["object"])
        if cls is stripe.StripeObject:
            return [f"{where} has an unknown object type {obj['object']}"]
    declared = LIST if obj.get("object") == "list" else declared_keys(cls)
    found = [f"{where}.{name}" for name in obj if name not in declared]
    inner = getattr(cls, "_inner_class_types", {})
    for name, value in obj.items():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict) and (name in inner or "object" in child):
                found += unknown_keys(child, inner.get(name), f"{where}.{name}")
    return found


def declared_keys(cls: Any) -> set[str]:
    found: set[str] = set()
    for base in cls.__mro__:
        if base is not stripe.StripeObject and base.__module__.startswith("stripe"):
            found |= set(getattr(base, "__annotations__", {}))
    return found


# Declared without Optional, and yet sent in some cases only.
SOMETIMES = {
    "OBJECT_NAME",
    "redirect_on_completion",  # embedded sessions
    "transfer",  # charges of Connect
    # refunds that wait or failed, and refunds of a customer's own balance
    "pending_reason",
    "failure_balance_transaction",
    "customer",
    "payment_method",
}
LIST = {"object", "data", "has_more", "url"}


def missing_keys(obj: Json) -> list[str]:
    """Keys that the SDK declares without Optional and the answer lacks."""
    cls: Any = get_object_class("V1", obj["object"])
    return [
        name
        for name, annotation in cls.__annotations__.items()
        if name not in obj and name not in SOMETIMES and "Optional" not in str(annotation)
    ]
