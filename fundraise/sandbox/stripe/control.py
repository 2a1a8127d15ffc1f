"""The control plane: JSON in, JSON out, outside /v1. Documented in docs/stripe-stand-in.md."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from fundraise.sandbox.levers import Levers, from_elsewhere
from fundraise.sandbox.stripe import event_control, lists
from fundraise.sandbox.stripe.background import Background
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.delivery import Delivery
from fundraise.sandbox.stripe.errors import ApiError
from fundraise.sandbox.stripe.event_faults import EventRule
from fundraise.sandbox.stripe.faults import Fault
from fundraise.sandbox.stripe.presentation import current
from fundraise.sandbox.stripe.world import World
from fundraise.sandbox.web import Request, Response, json_response

LEVERS: Levers[Control] = Levers(Fault, EventRule)
act, ACTS = LEVERS.act, LEVERS.acts


class Control:
    def __init__(
        self,
        world: World,
        delivery: Delivery,
        background: Background,
        first_run: Callable[[], None],
    ) -> None:
        self.world, self.delivery, self.background = world, delivery, background
        self.first_run = first_run

    def handle(self, request: Request) -> Response:
        name = request.path.removeprefix("/_test/").strip("/")
        refuse_strangers(request)
        if request.method == "GET":
            return json_response(self.read(name, request.query_values))
        return LEVERS.pull(self, name, request)

    def do(self, name: str, given: Json) -> Any:
        return ACTS[name](self, given)

    def read(self, name: str, given: Json) -> Any:
        """State to look at: an overview, the last calls, or the objects of a kind."""
        if name == "state":
            return self.state()
        if name == "calls":
            return list(self.world.faults.calls)
        if name == "deliveries":
            return event_control.deliveries(self.world)
        if name.startswith("objects/"):
            query = lists.Query(name.removeprefix("objects/"))
            params = {"limit": int(given.get("limit", 100))}
            return current(self.world, lists.page(self.world, f"/_test/{name}", query, params))
        raise ApiError(404, f"Nothing to read at {name}")

    def state(self) -> Json:
        counts = self.world.store.query("SELECT kind, COUNT(*) FROM objects GROUP BY kind")
        queue = self.world.store.query("SELECT state, COUNT(*) FROM deliveries GROUP BY state")
        return {
            "objects": dict(counts),
            "deliveries": dict(queue),
            "knobs": self.world.knobs.all(),
            "faults": self.world.faults.listed(),
            "event_faults": self.world.event_faults.listed(),
            "now": self.world.now(),
            "timed_acts_soon": self.background.soon(),
        }


def refuse_strangers(request: Request) -> None:
    if from_elsewhere(request):
        raise ApiError(403, "The control plane answers its own page and tools only.")


@act("reset")
def reset(control: Control, given: Json) -> Json:
    """Forget every object, event, key, knob and fault."""
    control.world.faults.clear()
    control.world.event_faults.clear()
    control.world.store.clear()
    control.world.knobs.load()
    control.first_run()
    return {"ok": True}


@act("clock")
def set_clock(control: Control, given: Json) -> Json:
    control.world.knobs.set({"clock_offset_seconds": int(given["offset_seconds"])})
    control.background.run_due()
    return {"now": control.world.now()}


@act("events/release")
def release(control: Control, given: Json) -> Any:
    """Send what was held: in the order made, in `order`, or shuffled with `seed`."""
    control.world.knobs.set({"delivery_paused": False})
    return event_control.release(control.world, control.delivery, **given)


@act("events/replay")
def replay(control: Control, given: Json) -> Json:
    return event_control.replay(control.world, **given)


@act("events/deliver")
def deliver(control: Control, given: Json) -> Any:
    """Send these events now, within this call; answers the status of each."""
    ids = list(given["ids"]) * int(given.get("times", 1))
    return control.delivery.send_now(ids, parallel=bool(given.get("parallel")))


@act("events/send")
def send_made_up(control: Control, given: Json) -> Json:
    """An event that Stripe did not make so: unknown type, livemode, another version or account."""
    return event_control.send_made_up(control.world, given)


@act("events/wait")
def wait(control: Control, given: Json) -> Json:
    """Until nothing is on its way: no delivery, no timed act but those that wait for the clock."""
    until = time.monotonic() + float(given.get("timeout", 10))
    hurry = bool(given.get("hurry", True))
    while time.monotonic() < until:
        if hurry:
            control.background.run_due(by_clock_only=True)
        if not control.delivery.waiting() and not control.background.soon():
            return {"ok": True}
        time.sleep(0.01)
    return {"ok": False, "deliveries": control.delivery.waiting()}
