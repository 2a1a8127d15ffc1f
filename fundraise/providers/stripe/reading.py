"""Small readings of Stripe's objects: instants, ids, our own refs, codes. Plain Python."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Object = dict[str, Any]
CODE = re.compile(r"[a-z0-9_]{1,60}")


def at(seconds: int) -> datetime:
    """Stripe's seconds since 1970 as UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def ref_of(value: Any) -> str:
    """The id of an object that may be expanded, a string or missing."""
    if isinstance(value, dict):
        return str(value["id"])
    return value or ""


def our_ref(obj: Object, name: str) -> UUID | None:
    """A ref that we put into the metadata; None when it isn't there or isn't ours."""
    try:
        return UUID((obj.get("metadata") or {})[name])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def code_of(value: Any) -> str:
    """A code as our columns take it; what is none is left out, for a text may hold anything."""
    return value if isinstance(value, str) and CODE.fullmatch(value) else ""
