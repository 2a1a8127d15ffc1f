"""Lets mails go when their moment comes, and writes down all that will follow from it."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from fundraise.sandbox.sendgrid import batches, behaviour, suppressions
from fundraise.sandbox.sendgrid.behaviour import Behaviour
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.events import Addressed, new_id, told
from fundraise.sandbox.sendgrid.world import World

DUE = """SELECT s.id, s.request, s.batch, s.due, r.xid FROM sendings s
JOIN requests r ON r.id = s.request WHERE s.state = 'held' AND s.due <= ? ORDER BY s.due, s.id
LIMIT 20"""
EVENT = "INSERT INTO events (recipient, due, body) VALUES (?, ?, ?)"
EventRow = tuple[int, float, bytes]
DEED = "INSERT INTO deeds (recipient, act, arg, due) VALUES (?, ?, ?, ?)"


def let_go(world: World) -> int:
    """Everything that is due, each request in a transaction of its own; how many were."""
    moved = 0
    _expire(world)
    while rows := world.store.query(DUE, world.now()):
        for sending, request, batch, due, xid in rows:
            with world.store.write():
                moved += _one(world, sending, request, batch, due, xid)
    return moved


def _one(world: World, sending: int, request: int, batch: str, due: int, xid: str) -> int:
    sql = "UPDATE sendings SET state = ?, at = ? WHERE id = ? AND state = 'held'"
    state = _stopped(world, batch, due) or "gone"
    if not world.store.run(sql, state, world.now(), sending).rowcount:
        return 0
    if state == "gone":
        _tell(world, sending, request, xid)
    return 1


def _stopped(world: World, batch: str, due: int) -> str:
    """What a stop makes of a mail; one that came less than ten minutes ahead is overlooked."""
    status, since = batches.stops(world).get(batch, ("", 0)) if batch else ("", 0)
    if not status or since > due - world.knobs["stop_minutes"] * 60:
        return ""
    return {"cancel": "cancelled", "pause": "paused"}[status]


def _expire(world: World) -> None:
    """What is paused for too long is thrown away."""
    sql = "UPDATE sendings SET state = 'expired', at = ? WHERE state = 'paused' AND due <= ?"
    oldest = world.now() - int(world.knobs["paused_hours"] * 3600)
    if world.store.query("SELECT 1 FROM sendings WHERE state = 'paused' AND due <= ?", oldest):
        world.store.run(sql, world.now(), oldest)


def _tell(world: World, sending: int, request: int, xid: str) -> None:
    sql = "SELECT id, place, email FROM recipients WHERE sending = ? ORDER BY id"
    rows = world.store.query(sql, sending)
    given = world.store.body(request)
    held = suppressions.holds(world, (email for _, _, email in rows), given)
    knobs, at = world.knobs.all(), world.exact_now()
    opens, clicks = _measured(given, knobs, "open"), _measured(given, knobs, "click")
    fates: list[tuple[str, int]] = []
    events: list[EventRow] = []
    deeds: list[tuple[int, str, str, float]] = []
    for recipient, place, email in rows:
        who = Addressed(email, xid, place, given, given["personalizations"][place], opens, clicks)
        found = _behaviour(who, held, knobs)
        fates.append((found.fate, recipient))
        events += _events(world, recipient, who, found, at, knobs)
        deeds += [(recipient, step.deed, step.arg, at + step.after * knobs["delay_factor"])
                  for step in found.steps if step.deed]  # fmt: skip
    world.store.run_many("UPDATE recipients SET fate = ? WHERE id = ?", fates)
    world.store.run_many(EVENT, events)
    world.store.run_many(DEED, deeds)


def _behaviour(who: Addressed, held: dict[str, str], knobs: Json) -> Behaviour:
    if who.email in held:
        return behaviour.dropped(held[who.email])
    return behaviour.chosen(who.email, knobs["shares"], knobs["seed"], who.subject)


def _measured(given: Json, knobs: Json, what: str) -> bool:
    """As the request says, else as the account is set."""
    asked = given.get("tracking_settings", {}).get(f"{what}_tracking", {})
    return bool(asked.get("enable", knobs[f"{what}_tracking"]))


def _events(world: World, recipient: int, who: Addressed, found: Behaviour, at: float,
            knobs: Json) -> Iterator[EventRow]:  # fmt: skip
    for step, event in told(who, found, at):
        due = at + step.after * knobs["delay_factor"]
        yield from event_rows(world, recipient, event, due, f"{knobs['seed']}/{who.subject}")


def event_rows(
    world: World, recipient: int, event: Json, due: float, salt: str = ""
) -> Iterator[EventRow]:
    """Once, or as often and as late as is to go wrong with it."""
    key = f"{salt}/{event['email']}/{event['event']}"
    for telling in world.event_faults.tellings(event["event"], world.knobs.all(), key):
        told_now = {**event, "sg_event_id": new_id()} if telling.new_id else event
        yield recipient, due + telling.late, orjson.dumps(told_now)
