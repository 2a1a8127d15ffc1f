"""The levers over HTTP: JSON in, JSON out. Documented in docs/sendgrid-stand-in.md."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from fundraise.sandbox.levers import Levers, from_elsewhere, refused
from fundraise.sandbox.line import Line
from fundraise.sandbox.sendgrid import acts, batches, inbox, poster, suppressions
from fundraise.sandbox.sendgrid.background import Background
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.event_faults import EventRule
from fundraise.sandbox.sendgrid.faults import Fault
from fundraise.sandbox.sendgrid.world import World
from fundraise.sandbox.web import Request, Response, json_response

LEVERS: Levers[Control] = Levers(Fault, EventRule)
act, ACTS = LEVERS.act, LEVERS.acts


class Control:
    def __init__(self, world: World, background: Background) -> None:
        self.world, self.background = world, background

    def handle(self, request: Request) -> Response:
        name = request.path.removeprefix("/control/").strip("/")
        if from_elsewhere(request):
            return refused()
        if request.method != "GET":
            return LEVERS.pull(self, name, request)
        try:
            return self._read(name, request.query_values)
        except (ValueError, TypeError, KeyError) as problem:
            return json_response({"error": f"{type(problem).__name__}: {problem}"}, 400)

    def _read(self, name: str, given: dict[str, str]) -> Response:
        if name not in READS:
            return json_response({"error": f"Nothing to read at {name}"}, 404)
        return json_response(READS[name](self, given))

    def state(self) -> Json:
        world = self.world
        states = world.store.query("SELECT state, COUNT(*) FROM sendings GROUP BY state")
        posts = world.store.query("SELECT state, COUNT(*) FROM posts GROUP BY state")
        fates = world.store.query("SELECT fate, COUNT(*) FROM recipients GROUP BY fate")
        return {
            "now": world.now(), "counts": world.counts.all(), "knobs": world.knobs.all(),
            "faults": world.faults.listed(), "event_faults": world.event_faults.listed(),
            "sendings": dict(states), "fates": dict(fates), "posts": dict(posts),
            "events_waiting": waiting_events(world), "stops": batches.stops(world),
        }  # fmt: skip


def waiting_events(world: World) -> int:
    return int(world.store.query("SELECT COUNT(*) FROM events WHERE post IS NULL")[0][0])


def _mails(control: Control, given: dict[str, str]) -> Any:
    found = inbox.newest(control.world, given.get("to", ""), int(given.get("limit", "50")),
                         int(given.get("before", "0")))  # fmt: skip
    return [one.all() for one in found]


def _posts(control: Control, given: dict[str, str]) -> Any:
    sql = "SELECT id, state, attempts, answer FROM posts ORDER BY id DESC LIMIT ?"
    rows = control.world.store.query(sql, int(given.get("limit", "100")))
    names = ("id", "state", "attempts", "answer")
    return [dict(zip(names, row, strict=True)) for row in rows]


READS: dict[str, Callable[[Control, dict[str, str]], Any]] = {
    "state": lambda control, given: control.state(),
    "public-key": lambda control, given: {"public_key": control.world.signer.public_key},
    "calls": lambda control, given: list(control.world.faults.calls),
    "mails": _mails,
    "events": lambda control, given: inbox.events_of(control.world, int(given["mail"])),
    "deeds": lambda control, given: inbox.deeds_of(control.world, int(given["mail"])),
    "posts": _posts,
    "tally": lambda control, given: inbox.tally(control.world, given["arg"]),
}


@act("reset")
def reset(control: Control, given: Json) -> Json:
    """Forget every mail, event, batch, suppression, key, knob and fault; the signing key stays."""
    with control.background.still():
        control.world.reset()
    return {"ok": True}


@act("clock")
def set_clock(control: Control, given: Json) -> Json:
    """Its time is real time plus so many seconds; what is due then happens now."""
    control.world.knobs.set({"clock_offset_seconds": int(given["offset_seconds"])})
    control.background.move()
    return {"now": control.world.now()}


@act("keys")
def key(control: Control, given: Json) -> Json:
    """Let a key in with some scopes, or with none."""
    scopes = [str(scope) for scope in given["scopes"]]
    sql = "INSERT OR REPLACE INTO keys (key, scopes) VALUES (?, ?)"
    control.world.store.run(sql, str(given["key"]), json.dumps(scopes))
    return {"scopes": scopes}


@act("suppress")
def suppress(control: Control, given: Json) -> Json:
    """Put an address onto one of SendGrid's lists behind the product's back."""
    name = given["list"]
    if name not in suppressions.LISTS and not name.startswith(suppressions.GROUP):
        raise ValueError(f"list must be one of {', '.join(suppressions.LISTS)} or group:N")
    suppressions.add(control.world, name, given["email"], given.get("reason", ""))
    return {"ok": True}


@act("events/release")
def release(control: Control, given: Json) -> Json:
    control.world.knobs.set({"delivery_paused": False})
    control.background.gather()
    return {"ok": True}


@act("events/replay")
def replay(control: Control, given: Json) -> Json:
    """Every post that was taken once more, as it was."""
    sql = "UPDATE posts SET state = 'pending', due = 0 WHERE state IN ('done', 'failed')"
    return {"queued": control.world.store.run(sql).rowcount}


@act("events/send")
def send_made_up(control: Control, given: Json) -> Json:
    """Post an array of events of one's own, now; `signed`: false, or `body` as text as it is."""
    body = str(given["body"]).encode() if "body" in given else json.dumps(given["events"]).encode()
    line = Line(lambda: float(control.world.knobs["timeout_seconds"]))
    return {"answer": poster.send(control.world, line, body)}


@act("events/wait")
def wait(control: Control, given: Json) -> Json:
    """Until nothing is on its way. What is to happen within `hurry_seconds` happens at once."""
    world, until = control.world, time.monotonic() + float(given.get("timeout", 10))
    hurry = float(given.get("hurry_seconds", 3600))
    while time.monotonic() < until:
        control.background.move()
        soon = world.exact_now() + hurry
        for table, left in (("events", "post IS NULL"), ("deeds", "done = 0")):
            sql = f"UPDATE {table} SET due = ? WHERE {left} AND due > ? AND due <= ?"  # noqa: S608
            world.store.run(sql, world.exact_now(), world.exact_now(), soon)
        control.background.do()
        control.background.gather()
        if not poster.waiting(world) and not _due(world):
            return {"ok": True}
        time.sleep(0.01)
    return {"ok": False, "posts": poster.waiting(world), "events": waiting_events(world)}


def _due(world: World) -> bool:
    if not world.config.webhook_url or world.knobs["delivery_paused"]:
        return False
    sql = "SELECT 1 FROM events WHERE post IS NULL AND due <= ? LIMIT 1"
    return bool(world.store.query(sql, world.exact_now()))


@act("mail")
def of_mail(control: Control, given: Json) -> Json:
    """What a recipient does: see `acts`. Needs `mail` (its id) and `act`."""
    return acts.do(control.world, int(given["mail"]), str(given["act"]), given.get("text", ""))
