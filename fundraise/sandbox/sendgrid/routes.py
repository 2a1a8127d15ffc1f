"""The table of API calls, and what a handler gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.errors import plain
from fundraise.sandbox.sendgrid.world import World
from fundraise.sandbox.web import Request, Response


@dataclass(frozen=True)
class Call:
    world: World
    path: dict[str, str]
    request: Request

    def json(self) -> Json:
        """The body as an object. Raises ApiError."""
        try:
            return self.request.json()
        except ValueError:
            raise plain(400) from None

    def number(self, name: str, otherwise: int, most: int = 1 << 62) -> int:
        """A number of the query string. Raises ApiError."""
        text = self.request.query_values.get(name, "")
        if not text:
            return otherwise
        if not text.isascii() or not text.isdecimal() or int(text) > most:
            raise plain(400)
        return int(text)


Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    method: str
    parts: tuple[str, ...]
    scope: str
    handler: Handler

    def match(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for mine, given in zip(self.parts, parts, strict=True):
            if mine.startswith("{"):
                found[mine[1:-1]] = unquote(given)
            elif mine != given:
                return None
        return found


_TABLE: dict[int, list[Route]] = {}


def route(method: str, pattern: str, scope: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        parts = tuple(pattern.strip("/").split("/"))
        _TABLE.setdefault(len(parts), []).append(Route(method, parts, scope, handler))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Raises ApiError: 404 for an unknown address, 405 for another method."""
    parts = tuple(path.strip("/").split("/"))
    here = False
    for entry in _TABLE.get(len(parts), ()):
        found = entry.match(parts)
        if found is not None:
            if entry.method == method:
                return entry, found
            here = True
    raise plain(405 if here else 404)


def all_routes() -> list[Route]:
    return [entry for entries in _TABLE.values() for entry in entries]
