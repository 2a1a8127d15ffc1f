"""What of an object follows the clock or the queue, put right before it is answered."""

from __future__ import annotations

from fundraise.sandbox.stripe import money
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.world import World

UNDELIVERED = ("pending", "sending", "held")


def current(world: World, found: Json) -> Json:
    kind = found.get("object")
    if kind in ("list", "search_result"):
        found["data"] = [current(world, child) for child in found["data"]]
    elif kind == "balance_transaction":
        money.dated(world, found)
    elif kind == "event":
        found["pending_webhooks"] = pending_webhooks(world, found["id"])
    return found


def pending_webhooks(world: World, event_id: str) -> int:
    rows = world.store.query(
        "SELECT COUNT(*) FROM deliveries WHERE event = ? AND state IN (?, ?, ?)",
        event_id, *UNDELIVERED,
    )  # fmt: skip
    return int(rows[0][0])
