"""The way of a call under /v3: who, what may go wrong, the act, the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

from fundraise.sandbox.sendgrid import batches, intake, settings, suppressions
from fundraise.sandbox.sendgrid.errors import ApiError, plain
from fundraise.sandbox.sendgrid.faults import SEND, Fault
from fundraise.sandbox.sendgrid.routes import Call, find
from fundraise.sandbox.sendgrid.world import World, real_time
from fundraise.sandbox.web import Request, Response

# Importing them is what puts their calls into the table of `routes`.
CALLS = (batches, settings, suppressions)


@dataclass
class Api:
    world: World

    def handle(self, request: Request) -> Response:
        try:
            response = self._answer(request)
        except ApiError as problem:
            response = intake.error_response(problem)
            if request.path == SEND:
                self.world.counts.add(refused=1)
        self.world.faults.calls.append({
            "method": request.method, "path": request.path, "status": response.status,
            "lost": response.lost,
        })  # fmt: skip
        return response

    def _answer(self, request: Request) -> Response:
        scopes = self._authenticate(request)
        knobs = self.world.knobs
        fault = self.world.faults.take(
            request.method, request.path, knobs["fault_shares"], knobs["seed"]
        )
        if fault is not None and fault.act == "lose_before":
            return Response(lost=True)
        _refuse_at_the_door(fault)
        if request.path == SEND:
            if request.method != "POST":
                raise plain(405)
            _allow(scopes, "mail.send")
            return intake.send(self.world, request, fault)
        route, path = find(request.method, request.path)
        _allow(scopes, route.scope)
        response = route.handler(Call(self.world, path, request))
        return _spoilt(response, fault)

    def _authenticate(self, request: Request) -> list[str]:
        scheme, _, key = request.header("Authorization").partition(" ")
        if not key.strip() or scheme.lower() != "bearer":
            raise ApiError(401, "authorization required")
        scopes = self.world.scopes(key.strip())
        if scopes is None:
            raise plain(401)
        return scopes


def _allow(scopes: list[str], wanted: str) -> None:
    """A scope holds those below it; the empty one holds all."""
    if not any(not s or wanted == s or wanted.startswith(s + ".") for s in scopes):
        raise plain(403)


def _refuse_at_the_door(fault: Fault | None) -> None:
    if fault is None or fault.act != "error":
        return
    headers: dict[str, str] = {}
    if fault.status == 429:
        reset = int(real_time() + fault.seconds)
        headers = {"X-RateLimit-Limit": "600", "X-RateLimit-Remaining": "0",
                   "X-RateLimit-Reset": str(reset)}  # fmt: skip
    raise plain(fault.status, headers)


def _spoilt(response: Response, fault: Fault | None) -> Response:
    if fault is not None and fault.act == "delay":
        time.sleep(fault.seconds)
    if fault is not None and fault.act == "lose":
        response.lost = True
    if fault is not None and fault.act == "error_after":
        raise plain(fault.status)
    return response
