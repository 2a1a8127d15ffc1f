"""The endpoints of the API, each with the permission that it asks of a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fundraise.staff.entries import Entry


def entries() -> Iterator[Entry]:
    """Every method that asks for a key, read from the addresses themselves."""
    from api.urls import V1  # the addresses import every view

    for one in V1:
        view: Any = one.callback.view_class  # type: ignore[attr-defined]
        for method, permission in view.permissions_of.items():
            if (permission or not view.public) and hasattr(view, method.lower()):
                yield Entry("api", f"api/v1/{one.pattern}", method, f"api:{one.name}", permission)
