"""docs/permissions.md: roles, what each may do, and what each page, act and endpoint asks for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.utils import translation

from fundraise.language import ENGLISH, SWEDISH
from fundraise.staff.entries import ANYBODY, Entry, collected
from fundraise.staff.roles import PERMISSIONS, Permission, Role

PAGE = "docs/permissions.md"
HEAD = """# Permissions

Written by `manage.py permissions` from `fundraise/staff/roles.py` and the addresses themselves; a
test fails when it is old, and another tries every line below as every role, for a legal entity of
its own and for another (`tests/console/test_matrix.py`, `tests/api/test_matrix.py`; `make test`
as those that tell its right apart).

A role is held for named legal entities, with or without their districts. A permission marked
*house* concerns no entity: it is held by whoever has the role for an entity at the top. One marked
*sudo* asks who is there to log in again. A row of an entity that a right is not held for is not
there (404); what no role of the account allows is refused in words (403).

A superuser is an administrator for every entity and nothing more.
"""
AREAS = {"staff": "Pages and acts of the staff pages", "api": "Endpoints of the API"}


def page() -> Path:
    """The page among the project's documents."""
    return Path(settings.BASE_DIR) / PAGE


def written() -> str:
    """The whole page."""
    with translation.override(ENGLISH):
        parts = [HEAD, _roles(), _permissions(), *_areas(collected())]
    return "\n".join(parts)


def _roles() -> str:
    rows = [f"| `{role.value}` | {role.label} | {_swedish(role)} |" for role in Role]
    head = ["## Roles", "", "| role | in English | in Swedish |", "|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _swedish(role: Role) -> str:
    with translation.override(SWEDISH):
        return str(role.label)


def _permissions() -> str:
    head = ["## What each role may do", ""]
    head.append("| permission | means | " + " | ".join(str(role.label) for role in Role) + " |")
    head.append("|---|---|" + ":-:|" * len(Role))
    rows = [
        f"| `{name}`{_marks(one)} | {one.meaning} | "
        + " | ".join("●" if role in one.roles else "" for role in Role)
        + " |"
        for name, one in PERMISSIONS.items()
    ]
    return "\n".join([*head, *rows, ""])


def _marks(one: Permission) -> str:
    marks = [word for word, held in (("house", one.house), ("sudo", one.dangerous)) if held]
    return f" *{', '.join(marks)}*" if marks else ""


def _areas(entries: list[Entry]) -> Iterator[str]:
    for area, found in groupby(entries, key=lambda one: one.area):
        head = [f"## {AREAS[area]}", "", "| address | method | asks for |", "|---|---|---|"]
        yield "\n".join([*head, *(_row(one) for one in found), ""])


def _row(one: Entry) -> str:
    anybody = "a key" if one.area == "api" else "to be staff"
    asks = anybody if one.permission == ANYBODY else f"`{one.permission}`"
    return f"| `{one.path}` | {one.method} | {asks} |"
