"""The table of API calls, and what a handler gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import ApiError
from fundraise.sandbox.stripe.world import World


@dataclass(frozen=True)
class Call:
    world: World
    path: dict[str, str]
    params: Json

    @property
    def id(self) -> str:
        return self.path["id"]


Handler = Callable[[Call], Json]


@dataclass(frozen=True)
class Route:
    method: str
    parts: tuple[str, ...]
    # The name of the call's parameter class in `stripe.params`.
    params: str
    handler: Handler

    def match(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for mine, given in zip(self.parts, parts, strict=True):
            if mine.startswith("{"):
                found[mine[1:-1]] = given
            elif mine != given:
                return None
        return found


_TABLE: dict[tuple[str, int], list[Route]] = {}


def route(method: str, pattern: str, params: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        parts = tuple(pattern.strip("/").split("/"))
        entry = Route(method, parts, params, handler)
        _TABLE.setdefault((method, len(parts)), []).append(entry)
        return handler

    return register


def all_routes() -> list[Route]:
    return [entry for entries in _TABLE.values() for entry in entries]


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    parts = tuple(path.strip("/").split("/"))
    for entry in _TABLE.get((method, len(parts)), ()):
        found = entry.match(parts)
        if found is not None:
            return entry, found
    raise ApiError(404, f"Unrecognized request URL ({method}: {path}).")
