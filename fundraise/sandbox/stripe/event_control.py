"""What the control plane does with events: release, replay, make up."""

from __future__ import annotations

import random
from typing import Any

from fundraise.sandbox.stripe import ids
from fundraise.sandbox.stripe.config import API_VERSION, Json
from fundraise.sandbox.stripe.delivery import Delivery
from fundraise.sandbox.stripe.event_faults import HELD, PENDING
from fundraise.sandbox.stripe.world import World, real_time


def release(
    world: World,
    delivery: Delivery,
    seed: int | None = None,
    order: list[str] | None = None,
    wait: bool = False,
) -> Json:
    """With `order` (event ids) or `wait` they are sent one by one within this call."""
    rows = world.store.query("SELECT id, event FROM deliveries WHERE state = ? ORDER BY id", HELD)
    held = [(int(row[0]), str(row[1])) for row in rows]
    if order is not None:
        held = [pair for event in order for pair in held if pair[1] == event]
    if seed is not None:
        random.Random(seed).shuffle(held)  # noqa: S311 (a shuffle that can be repeated)
    if order is not None or wait:
        return {"released": len(held), "answers": _one_by_one(world, delivery, held)}
    with world.store.write():
        for place, (delivery_id, _) in enumerate(held):
            sql = "UPDATE deliveries SET state = ?, due = ?, place = ? WHERE id = ?"
            world.store.run(sql, PENDING, real_time(), place, delivery_id)
        world.queued = True
    return {"released": len(held)}


def _one_by_one(world: World, delivery: Delivery, held: list[tuple[int, str]]) -> list[Json]:
    answers: list[Json] = []
    for delivery_id, event in held:
        answers += delivery.send_now([event], parallel=False)
        world.store.run("UPDATE deliveries SET state = 'done' WHERE id = ?", delivery_id)
    return answers


def replay(world: World, ids: list[str] | None = None, since: int = 0, type: str = "*") -> Json:
    """Queue events once more: those named, or all since an instant (by the stand-in's clock)."""
    if ids is None:
        rows = world.store.query(
            "SELECT id FROM objects WHERE kind = 'event' AND created >= ? AND type GLOB ? "
            "ORDER BY seq", since, type,
        )  # fmt: skip
        ids = [row[0] for row in rows]
    queued = 0
    with world.store.write():
        for event_id in ids:
            event = world.find("event", event_id)
            for endpoint in world.endpoints(event["type"]):
                world.add_delivery(event, endpoint["id"], PENDING, real_time())
                queued += 1
    return {"queued": queued}


def send_made_up(world: World, given: Json) -> Json:
    event: Json = {
        "id": given.get("id") or ids.new("evt"),
        "object": "event",
        "api_version": given.get("api_version", API_VERSION),
        "created": given.get("created", world.now()),
        "data": {"object": given.get("object", {"id": "x", "object": "unknown"})},
        "livemode": bool(given.get("livemode", False)),
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
        "type": given["type"],
    }
    if "account" in given:
        event["account"] = given["account"]
    with world.store.write():
        world.store.put(event)
        world.enqueue(event)
    return event


def deliveries(world: World, limit: int = 1000) -> list[Any]:
    rows = world.store.query(
        "SELECT id, event, endpoint, type, state, attempts, answer FROM deliveries "
        "ORDER BY id DESC LIMIT ?", limit,
    )  # fmt: skip
    names = ("id", "event", "endpoint", "type", "state", "attempts", "answer")
    return [dict(zip(names, row, strict=True)) for row in rows]
