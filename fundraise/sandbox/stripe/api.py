"""The way of a call under /v1: who, what, faults, idempotency, the act, the answer."""

from __future__ import annotations

import base64
import json
import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from fundraise.sandbox.stripe import (
    contract,
    errors,
    expand,
    ids,
    params,
    presentation,
    routes,
    unsupported,
)
from fundraise.sandbox.stripe.config import ACCOUNT_ID, API_VERSION, Json
from fundraise.sandbox.stripe.errors import ApiError
from fundraise.sandbox.stripe.faults import Fault
from fundraise.sandbox.stripe.idempotency import Keys, fingerprint
from fundraise.sandbox.stripe.world import Caller, World, caller
from fundraise.sandbox.web import Request, Response


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    replayed: bool = False


@dataclass
class Api:
    world: World
    keys: Keys

    def handle(self, request: Request) -> Response:
        request_id = ids.new("req")
        key = request.header("Idempotency-Key") if request.method == "POST" else ""
        lost = False
        try:
            answer, lost = self._answer(request, request_id, key)
        except ApiError as problem:
            answer = Answer(problem.status, json.dumps(problem.body(request_id)))
        self.world.faults.calls.append({
            "method": request.method, "path": request.path, "status": answer.status,
            "idempotency_key": key or None, "replayed": answer.replayed, "lost": lost,
        })  # fmt: skip
        return _response(request, request_id, key, answer, lost)

    def _answer(self, request: Request, request_id: str, key: str) -> tuple[Answer, bool]:
        _authenticate(self.world, request)
        route, path = routes.find(request.method, request.path)
        given = params.decode(request.body if request.method == "POST" else request.query)
        checked = _check(route, given, lenient=not request.header("Stripe-Version"))
        fault = self.world.faults.take(request.method, request.path)
        if fault is not None and fault.act == "lose_before":
            return Answer(0, ""), True
        _refuse_at_the_door(fault, key)
        token = caller.set(Caller(request_id, key or None))
        try:
            with self.keys.held(key) if key else nullcontext():
                call = routes.Call(self.world, path, checked)
                wanted = fingerprint(request.method, request.path, given)
                answer = self._once(route, call, request_id, key, wanted, fault)
        finally:
            caller.reset(token)
        return answer, fault is not None and fault.act == "lose"

    def _once(self, route: routes.Route, call: routes.Call, request_id: str, key: str,
              wanted: str, fault: Fault | None) -> Answer:  # fmt: skip
        saved = self.keys.saved(key, wanted) if key else None
        if saved is not None:
            return Answer(*saved, replayed=True)
        if fault is not None and fault.act == "delay":
            time.sleep(fault.seconds)
        if route.method == "GET":
            return Answer(200, _act(route, call))
        # The act, its events and its idempotency row stand or fall together.
        with self.world.store.write():
            answer, keep = self._act_and_catch(route, call, request_id, fault)
            if key and keep:
                self.keys.save(key, wanted, answer.status, answer.body)
        return answer

    def _act_and_catch(self, route: routes.Route, call: routes.Call, request_id: str,
                       fault: Fault | None) -> tuple[Answer, bool]:  # fmt: skip
        if fault is not None and fault.act == "error_saved":
            return _failed(errors.api_error(fault.status), request_id), True
        try:
            answer = Answer(200, _act(route, call))
        except ApiError as problem:
            if not problem.saved:
                raise
            answer = _failed(problem, request_id)
        if fault is not None and fault.act == "error_after":
            answer = _failed(errors.api_error(fault.status), request_id)
        return answer, True


def _act(route: routes.Route, call: routes.Call) -> str:
    paths = call.params.pop("expand", [])
    found = presentation.current(call.world, route.handler(call))
    return json.dumps(expand.expand(call.world, found, paths) if paths else found)


def _failed(problem: ApiError, request_id: str) -> Answer:
    return Answer(problem.status, json.dumps(problem.body(request_id)))


def _authenticate(world: World, request: Request) -> None:
    scheme, _, credentials = request.header("Authorization").partition(" ")
    key = credentials.strip()
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(key, validate=True).decode().partition(":")[0]
        except ValueError:
            key = ""
    if not key:
        message = "You did not provide an API key. Use Bearer auth with your key."
        raise ApiError(401, message)
    if key not in world.config.api_keys:
        raise ApiError(401, f"Invalid API Key provided: {key[:8]}****")
    account = request.header("Stripe-Account")
    if account not in ("", ACCOUNT_ID):
        message = "The provided key does not have access to that account."
        raise ApiError(403, message, code="account_invalid")


def _check(route: routes.Route, given: Json, *, lenient: bool) -> Json:
    """Typed parameters. Without a Stripe-Version (Stripe's CLI) unknown ones are overlooked."""
    try:
        typed = contract.from_form(route.params, given)
        unsupported.refuse(route.params, typed)
        return typed
    except contract.ContractError as problem:
        first = problem.violations[0]
        unknown = [v.param for v in problem.violations if v.kind == contract.UNKNOWN]
        if lenient and unknown and all("[" not in name for name in unknown):
            return _check(route, {k: v for k, v in given.items() if k not in unknown},
                          lenient=False)  # fmt: skip
        raise ApiError(400, first.message, code=first.code, param=first.param) from None


def _refuse_at_the_door(fault: Fault | None, key: str) -> None:
    if fault is None:
        return
    if fault.act == "conflict":
        raise errors.key_in_use(key)
    if fault.act == "error":
        raise errors.too_many() if fault.status == 429 else errors.api_error(fault.status)


def _response(request: Request, request_id: str, key: str, answer: Answer,
              lost: bool) -> Response:  # fmt: skip
    headers: dict[str, Any] = {
        "Request-Id": request_id,
        "Stripe-Version": request.header("Stripe-Version") or API_VERSION,
    }
    if key:
        headers |= {"Idempotency-Key": key, "Original-Request": request_id}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(answer.body, answer.status or 500, "application/json", headers, lost)
