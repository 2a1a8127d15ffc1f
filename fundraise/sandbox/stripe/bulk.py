"""Many gifts that went through, at once and without the hosted page: for benchmarks."""

from __future__ import annotations

from fundraise.sandbox.stripe import cards
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.event_faults import HELD, PENDING
from fundraise.sandbox.stripe.objects import charges, intents, payment_methods, session_shape
from fundraise.sandbox.stripe.world import World

# What becomes of their events: not made, made but held, or delivered.
EVENTS = ("none", "hold", "deliver")


def make(
    world: World,
    items: list[Json],
    events: str = "none",
    sessions: bool = False,
    fees: bool = True,
) -> Json:
    """items: [{"amount": öre, "metadata": {…}, "client_reference_id": …}]; returns their ids."""
    if events not in EVENTS:
        raise ValueError(f"events must be one of {', '.join(EVENTS)}")
    with world.store.write(), world.event_mode({"none": None, "hold": HELD}.get(events, PENDING)):
        method = payment_methods.new_card(world, cards.BY_MAGIC["visa"])
        before = world.store.query("SELECT COALESCE(MAX(id), 0) FROM tasks")[0][0]
        made = [_one(world, item, method, sessions, fees) for item in items]
        if fees:
            # The fee is there already: nothing to do a moment later.
            sql = "DELETE FROM tasks WHERE act = 'settle_charge' AND id > ?"
            world.store.run(sql, before)
        return {"data": made}


def _one(world: World, item: Json, method: Json, with_session: bool, fees: bool) -> Json:
    made: Json = {"session": None}
    params = {"metadata": item.get("metadata") or {}, "description": item.get("description")}
    intent = intents.new(world, int(item["amount"]), params, ["card", "swish"])
    if with_session:
        made["session"] = _session(world, item, intent)
    intent = intents.succeed(world, intent, method, authenticated=False)
    charge_id = intent["latest_charge"]
    if fees:
        charges.settle(world, charge_id)
    return made | {"payment_intent": intent["id"], "charge": charge_id}


def _session(world: World, item: Json, intent: Json) -> str:
    params = {
        "mode": "payment",
        "success_url": "https://example.org/",
        "client_reference_id": item.get("client_reference_id"),
        "metadata": item.get("metadata") or {},
    }
    line = {"unit": int(item["amount"]), "quantity": 1, "price": None, "name": "Gåva"}
    session = session_shape.shape(world, params, [line])
    session["payment_intent"] = intent["id"]
    world.save(session, items=[], intent={})
    world.save(intent, session=session["id"])
    return str(session["id"])
