"""Batches of mails that wait for their moment, and what stops them: pause and cancel."""

from __future__ import annotations

import secrets
from typing import Any

from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.errors import ApiError, plain
from fundraise.sandbox.sendgrid.intake import knows_batch
from fundraise.sandbox.sendgrid.routes import Call, route
from fundraise.sandbox.sendgrid.world import World
from fundraise.sandbox.web import Response, json_response

STATUSES = ("pause", "cancel")
# No mail can wait longer, so a stop has nothing left to hold after that.
STOP_KEPT = 72 * 3600


@route("POST", "/v3/mail/batch", "mail.batch.create")
def create(call: Call) -> Response:
    batch = secrets.token_urlsafe(24)
    call.world.store.run("INSERT INTO batches (id) VALUES (?)", batch)
    return json_response({"batch_id": batch}, 201)


@route("GET", "/v3/mail/batch/{id}", "mail.batch.read")
def validate(call: Call) -> Response:
    if not knows_batch(call.world, call.path["id"]):
        raise ApiError(400, "invalid batch id")
    return json_response({"batch_id": call.path["id"]})


@route("POST", "/v3/user/scheduled_sends", "user.scheduled_sends.create")
def stop(call: Call) -> Response:
    given = call.json()
    batch = _of(call.world, given.get("batch_id"))
    status = _status(given.get("status"))
    world = call.world
    with world.store.write():
        _forget_old(world)
        stopped = stops(world)
        if batch in stopped:
            raise ApiError(400, "a status update already exists for this batch", "batch_id")
        if len(stopped) >= world.knobs["max_stops"]:
            raise ApiError(400, "maximum number of cancellations/pauses reached", "batch_id")
        sql = "UPDATE batches SET status = ?, stopped = ? WHERE id = ?"
        world.store.run(sql, status, world.now(), batch)
    return json_response({"batch_id": batch, "status": status}, 201)


@route("GET", "/v3/user/scheduled_sends", "user.scheduled_sends.read")
def listed(call: Call) -> Response:
    return json_response([_shown(b, s) for b, (s, _) in stops(call.world).items()])


@route("GET", "/v3/user/scheduled_sends/{id}", "user.scheduled_sends.read")
def one(call: Call) -> Response:
    found = stops(call.world).get(call.path["id"])
    return json_response([_shown(call.path["id"], found[0])] if found else [])


@route("PATCH", "/v3/user/scheduled_sends/{id}", "user.scheduled_sends.update")
def change(call: Call) -> Response:
    """From pause to cancel, or back. The moment that counts is that of the first stop."""
    status = _status(call.json().get("status"))
    if call.path["id"] not in stops(call.world):
        raise plain(404)
    sql = "UPDATE batches SET status = ? WHERE id = ?"
    call.world.store.run(sql, status, call.path["id"])
    _hold_again(call.world, call.path["id"])
    return Response(b"", 204)


@route("DELETE", "/v3/user/scheduled_sends/{id}", "user.scheduled_sends.delete")
def undo(call: Call) -> Response:
    """What was paused goes out after all; what was thrown away stays so."""
    if call.path["id"] not in stops(call.world):
        raise plain(404)
    sql = "UPDATE batches SET status = '', stopped = NULL WHERE id = ?"
    call.world.store.run(sql, call.path["id"])
    _hold_again(call.world, call.path["id"])
    return Response(b"", 204)


def stops(world: World) -> dict[str, tuple[str, int]]:
    """Batch → its status, and since when."""
    sql = "SELECT id, status, stopped FROM batches WHERE status <> '' ORDER BY stopped, id"
    return {batch: (status, at) for batch, status, at in world.store.query(sql)}


def _forget_old(world: World) -> None:
    sql = "UPDATE batches SET status = '', stopped = NULL WHERE status <> '' AND stopped < ?"
    world.store.run(sql, world.now() - STOP_KEPT)


def _hold_again(world: World, batch: str) -> None:
    sql = "UPDATE sendings SET state = 'held' WHERE batch = ? AND state = 'paused'"
    world.store.run(sql, batch)


def _of(world: World, batch: Any) -> str:
    if type(batch) is not str or not knows_batch(world, batch):
        raise ApiError(400, "invalid batch id", "batch_id")
    return batch


def _status(status: Any) -> str:
    if status not in STATUSES:
        raise ApiError(400, "status must be one of: pause, cancel", "status")
    return str(status)


def _shown(batch: str, status: str) -> Json:
    return {"batch_id": batch, "status": status}
