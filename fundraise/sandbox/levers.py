"""The levers that stand-ins share: faults to order, knobs, and who may pull them at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from fundraise.sandbox.knobs import Knobs
from fundraise.sandbox.web import Request, Response, json_response

Json = dict[str, Any]


class _Faults(Protocol):
    def add(self, fault: Any, /) -> None: ...

    def clear(self) -> None: ...


class _World(Protocol):
    @property
    def knobs(self) -> Knobs: ...

    @property
    def faults(self) -> _Faults: ...

    @property
    def event_faults(self) -> _Faults: ...


class _Control(Protocol):
    @property
    def world(self) -> _World: ...


C = TypeVar("C", bound=_Control)
S = TypeVar("S")


class Acts(Generic[S]):
    """What may be done to a stand-in, by name."""

    def __init__(self) -> None:
        self.acts: dict[str, Callable[[S, Json], Any]] = {}

    def act(self, name: str) -> Callable[[Callable[[S, Json], Any]], Callable[[S, Json], Any]]:
        """Make a function an act."""

        def register(function: Callable[[S, Json], Any]) -> Callable[[S, Json], Any]:
            self.acts[name] = function
            return function

        return register

    def pull(self, to: S, name: str, request: Request) -> Response:
        """Do an act; what is wrong with what was given is said and harms nothing."""
        if name not in self.acts:
            known = sorted(self.acts)
            return json_response({"error": f"Unknown act {name}", "known": known}, 404)
        return told(lambda: json_response(self.acts[name](to, request.json())))


class Levers(Acts[C]):
    """The acts of one stand-in by name. Those of stand-ins with faults are there from the start."""

    def __init__(self, fault: Callable[..., Any], event_fault: Callable[..., Any]) -> None:
        super().__init__()
        self.acts |= {
            "knobs": _knobs,
            "faults": lambda control, given: _added(control.world.faults, fault(**given)),
            "faults/clear": _clear,
            "events/fault": lambda control, given: _added(
                control.world.event_faults, event_fault(**given)
            ),
            "events/pause": _pause,
        }


def told(answer: Callable[[], Response]) -> Response:
    """The answer, or what is wrong with what was given."""
    try:
        return answer()
    except (ValueError, TypeError, KeyError) as problem:
        return json_response({"error": f"{type(problem).__name__}: {problem}"}, 400)


def refused() -> Response:
    """Another site's page pulled."""
    return json_response({"error": "The levers answer their own page and tools only."}, 403)


def from_elsewhere(request: Request) -> bool:
    """No other site's page may pull the levers through a visitor's browser."""
    origin = request.header("Origin")
    return bool(origin) and urlsplit(origin).netloc != request.header("Host")


def _knobs(control: _Control, given: Json) -> Json:
    control.world.knobs.set(given)
    return control.world.knobs.all()


def _added(faults: _Faults, fault: Any) -> Json:
    faults.add(fault)
    return asdict(fault)


def _clear(control: _Control, _given: Json) -> Json:
    control.world.faults.clear()
    control.world.event_faults.clear()
    return {"ok": True}


def _pause(control: _Control, _given: Json) -> Json:
    control.world.knobs.set({"delivery_paused": True})
    return {"ok": True}
