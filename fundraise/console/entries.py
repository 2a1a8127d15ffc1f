"""The pages and acts under /staff/ with the permission that their guards ask for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RoutePattern, URLResolver

from fundraise.staff.entries import Entry

PREFIX = "staff/"
METHODS = ("GET", "POST")

# Addresses under /staff/ that ask for no right, and why: by name, or by how the name begins.
OPEN = {
    "account_": "the log-in, the log-out, and showing once more who is there",
    "mfa_authenticate": "the second step of the log-in",
    "staff_": "for who is not logged in yet: passkeys, links for a password",
    "console:language": "a choice of one's own, before log-in too",
    "admin:": "second names that the frame knows some of our pages by",
}
FRAME = "admin:"


def entries() -> Iterator[Entry]:
    """settings.PERMISSION_ENTRIES: one for each method of each guarded page."""
    for path, name, view in addresses():
        for method, permission in getattr(view, "permissions", {}).items():
            if method in methods_of(view) and not name.startswith(FRAME):
                yield Entry("staff", f"/{path}", method, name, permission)


def addresses() -> list[tuple[str, str, Callable[..., Any]]]:
    """Every address under /staff/: how it is written, its full name, and its view."""
    found = _walked(get_resolver(), "", "")
    return [one for one in found if one[0].startswith(PREFIX)]


def undeclared() -> list[str]:
    """Addresses under /staff/ that neither ask for a right nor are said to be open."""
    bare = [(path, name) for path, name, view in addresses() if not hasattr(view, "permissions")]
    return [path for path, name in bare if not any(name.startswith(known) for known in OPEN)]


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods that Django's require_GET and its kin let in; GET and POST without one."""
    named = inspect.getclosurevars(view).nonlocals
    return tuple(named.get("request_method_list", METHODS))


def _walked(
    resolver: URLResolver, before: str, space: str
) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for one in resolver.url_patterns:
        written = str(one.pattern) if isinstance(one.pattern, RoutePattern) else ""
        path = before + written
        if isinstance(one, URLPattern):
            yield path, f"{space}{one.name}", one.callback
        else:
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walked(one, path, inner)
