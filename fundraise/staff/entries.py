"""Every way in: pages, acts and endpoints, each with the permission that it asks for.

Packages above offer theirs by dotted path (settings.PERMISSION_ENTRIES), read from the addresses
that they answer, so that docs/permissions.md and the matrix of the tests leave none out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from fundraise.staff.roles import PERMISSIONS

ANYBODY = ""  # every member of staff who is logged in


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A method of an address. `name` is the address's name, `path` as the urlconf writes it."""

    area: str
    path: str
    method: str
    name: str
    permission: str

    def __post_init__(self) -> None:
        if self.permission != ANYBODY:
            PERMISSIONS[self.permission]


def collected() -> list[Entry]:
    """All of them, by area and address. Raises KeyError when one asks for an unknown right."""
    offers: list[Callable[[], Iterable[Entry]]] = [
        import_string(path) for path in settings.PERMISSION_ENTRIES
    ]
    return sorted(entry for offer in offers for entry in offer())
