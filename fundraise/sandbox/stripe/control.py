"""The control plane: JSON in, JSON out, outside /v1. Documented in docs/stripe-stand-in.md."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fundraise.sandbox.stripe import bulk, event_control, lists
from fundraise.sandbox.stripe.background import Background
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.delivery import Delivery
from fundraise.sandbox.stripe.errors import ApiError, invalid
from fundraise.sandbox.stripe.event_faults import EventRule
from fundraise.sandbox.stripe.faults import Fault
from fundraise.sandbox.stripe.objects import (
    charges,
    confirmation,
    disputes,
    payouts,
    refunds,
    sessions,
    setup_states,
)
from fundraise.sandbox.stripe.presentation import current
from fundraise.sandbox.stripe.web import Request, Response, json_response
from fundraise.sandbox.stripe.world import World

Act = Callable[["Control", Json], Any]
ACTS: dict[str, Act] = {}


def act(name: str) -> Callable[[Act], Act]:
    def register(function: Act) -> Act:
        ACTS[name] = function
        return function

    return register


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
        if request.method == "GET":
            return json_response(self.read(name, request.query_values))
        if name not in ACTS:
            return json_response({"error": f"Unknown act {name}", "known": sorted(ACTS)}, 404)
        try:
            return json_response(self.do(name, request.json()))
        except (ValueError, TypeError, KeyError) as problem:
            return json_response({"error": f"{type(problem).__name__}: {problem}"}, 400)

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


@act("reset")
def reset(control: Control, given: Json) -> Json:
    """Forget every object, event, key, knob and fault."""
    control.world.faults.clear()
    control.world.event_faults.clear()
    control.world.store.clear()
    control.world.knobs.load()
    control.first_run()
    return {"ok": True}


@act("knobs")
def knobs(control: Control, given: Json) -> Json:
    control.world.knobs.set(given)
    return control.world.knobs.all()


@act("clock")
def set_clock(control: Control, given: Json) -> Json:
    control.world.knobs.set({"clock_offset_seconds": int(given["offset_seconds"])})
    control.background.run_due()
    return {"now": control.world.now()}


@act("faults")
def add_fault(control: Control, given: Json) -> Json:
    fault = Fault(**given)
    control.world.faults.add(fault)
    return asdict(fault)


@act("faults/clear")
def clear_faults(control: Control, given: Json) -> Json:
    control.world.faults.clear()
    control.world.event_faults.clear()
    return {"ok": True}


@act("events/fault")
def add_event_fault(control: Control, given: Json) -> Json:
    rule = EventRule(**given)
    control.world.event_faults.add(rule)
    return asdict(rule)


@act("events/pause")
def pause(control: Control, given: Json) -> Json:
    control.world.knobs.set({"delivery_paused": True})
    return {"ok": True}


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


@act("settle")
def settle(control: Control, given: Json) -> Json:
    return charges.settle(control.world, _charge_id(control.world, given))


@act("refund")
def refund(control: Control, given: Json) -> Json:
    """As if from the Dashboard."""
    with control.world.store.write():
        charge = control.world.find("charge", _charge_id(control.world, given))
        wanted: Json = {name: given[name] for name in ("amount", "reason") if name in given}
        return refunds.make(control.world, charge, wanted)


@act("refund/fail")
def fail_refund(control: Control, given: Json) -> Json:
    with control.world.store.write():
        reason = given.get("reason", "lost_or_stolen_card")
        return refunds.fail(control.world, given["refund"], reason)


@act("dispute/open")
def open_dispute(control: Control, given: Json) -> Json:
    charge_id = _charge_id(control.world, given)
    wanted = {name: given[name] for name in ("amount", "reason", "inquiry") if name in given}
    with control.world.store.write():
        return disputes.open_dispute(control.world, charge_id, **wanted)


@act("dispute/win")
def win_dispute(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return disputes.win(control.world, given["dispute"], given.get("amount"))


@act("dispute/lose")
def lose_dispute(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return disputes.lose(control.world, given["dispute"])


@act("dispute/withdraw")
def withdraw(control: Control, given: Json) -> Json:
    """An inquiry that the donor's bank took further: the money leaves."""
    with control.world.store.write():
        dispute = control.world.find("dispute", given["dispute"])
        return disputes.withdraw(control.world, dispute)


@act("dispute/reinstate")
def reinstate(control: Control, given: Json) -> Json:
    with control.world.store.write():
        dispute = control.world.find("dispute", given["dispute"])
        return disputes.reinstate(control.world, dispute, given.get("amount"))


@act("fraud_warning")
def fraud_warning(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return disputes.warn_of_fraud(control.world, _charge_id(control.world, given))


@act("payout")
def payout(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return payouts.run(control.world, **given)


@act("payout/advance")
def advance_payout(control: Control, given: Json) -> Json:
    with control.world.store.write():
        until = given.get("until", "reconciled")
        return payouts.advance(control.world, given["payout"], until)


@act("payout/fail")
def fail_payout(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return payouts.fail(control.world, given["payout"], given.get("code", "account_closed"))


@act("session/expire")
def expire_session(control: Control, given: Json) -> Json:
    session = sessions.find(control.world, given["session"])
    if session["status"] != "open":
        raise invalid(f"The session is {session['status']}.")
    return sessions.expire(control.world, session)


@act("answer")
def answer(control: Control, given: Json) -> Json:
    """What the donor did in the Swish app or at the bank, without the page."""
    with control.world.store.write():
        intent, decision = given["intent"], given.get("decision", "approve")
        if intent.startswith("seti_"):
            return setup_states.answer(control.world, intent, decision)
        return confirmation.answer(control.world, intent, decision)


@act("decline")
def decline(control: Control, given: Json) -> Json:
    """Make a saved card decline from an instant on (`from`: seconds, default now)."""
    method = control.world.find("payment_method", given["payment_method"])
    asked = None if given.get("code", "") is None else {
        "code": given.get("code", "card_declined"),
        "decline_code": given.get("decline_code", "generic_decline"),
        "from": given.get("from", control.world.now()),
    }  # fmt: skip
    control.world.save(method, decline=asked)
    return {"payment_method": method["id"], "decline": asked}


@act("bulk")
def make_many(control: Control, given: Json) -> Json:
    return bulk.make(control.world, **given)


def _charge_id(world: World, given: Json) -> str:
    """By `charge`, `payment_intent` or `session`."""
    if "charge" in given:
        return str(given["charge"])
    intent_id = given.get("payment_intent")
    if intent_id is None:
        intent_id = world.find("checkout.session", given["session"])["payment_intent"]
    return str(world.find("payment_intent", intent_id or "")["latest_charge"])
