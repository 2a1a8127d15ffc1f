"""Checkout Sessions: the calls, and what the hosted page does with one."""

from __future__ import annotations

from fundraise.sandbox.stripe import expand, lists
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import unexpected_state
from fundraise.sandbox.stripe.objects import (
    amounts,
    confirmation,
    intents,
    metadata,
    session_checks,
    session_shape,
    session_states,
    setup_states,
)
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World

URL = "/v1/checkout/sessions"


@route("POST", URL, "checkout.SessionCreateParams")
def create(call: Call) -> Json:
    world, params = call.world, call.params
    session_checks.check(world, params)
    if "customer" in params:
        world.find("customer", params["customer"], "customer")
    lines = session_checks.lines(world, params)
    session = session_shape.shape(world, params, lines)
    if params["mode"] == "payment":
        amounts.check(session["amount_total"], "line_items")
    else:
        session["setup_intent"] = setup_states.for_session(world, params, session)["id"]
    world.save(
        session,
        items=[session_shape.line_item(world, line) for line in lines],
        intent=params.get("payment_intent_data", {}),
    )
    world.later("expire_session", {"session": session["id"]}, at=session["expires_at"])
    return session


def find(world: World, session_id: str) -> Json:
    """A session as it is by the clock: one that has run out is expired here and now."""
    session = world.find("checkout.session", session_id, "session")
    if session["status"] == "open" and session["expires_at"] <= world.now():
        return expire(world, session)
    return session


def expire(world: World, session: Json) -> Json:
    with world.store.write():
        intent = world.store.get(session["payment_intent"] or "")
        expired = session_states.expire(world, session)
        if intent is not None and intent["status"] in intents.OPEN:
            intents.cancel(world, intent, "automatic")
    return expired


def try_method(world: World, session: Json, method: Json) -> Json:
    """The donor chose a way to pay on the hosted page: the session's one intent is confirmed."""
    if session["mode"] == "setup":
        return setup_states.confirm(
            world, world.find("setup_intent", session["setup_intent"]), method
        )
    intent = world.store.get(session["payment_intent"] or "")
    if intent is None:
        intent = _intent_for(world, session)
        session["payment_intent"] = intent["id"]
        world.save(session)
    elif intent["status"] not in ("requires_payment_method", "requires_confirmation"):
        # The donor came back from the bank's or Swish's page without an answer.
        intent |= {"status": "requires_payment_method", "next_action": None}
    return confirmation.confirm(world, intent, method, return_url=session["success_url"])


def _intent_for(world: World, session: Json) -> Json:
    data = dict(world.hidden(session["id"]).get("intent", {}))
    data |= {"customer": session["customer"], "payment_method_options": session[
        "payment_method_options"]}  # fmt: skip
    intent = intents.new(world, session["amount_total"], data, session["payment_method_types"])
    return world.save(intent, session=session["id"])


@route("GET", URL + "/{id}", "checkout.SessionRetrieveParams")
def retrieve(call: Call) -> Json:
    return find(call.world, call.id)


@route("GET", URL, "checkout.SessionListParams")
def listed(call: Call) -> Json:
    query = lists.Query("checkout.session")
    for name in ("payment_intent", "customer", "status"):
        query.equals(name, call.params.get(name))
    if "customer_details" in call.params:
        email = call.params["customer_details"]["email"]
        query.also("json_extract(body, '$.customer_details.email') = ?", email)
    return lists.page(call.world, URL, query, call.params)


@route("POST", URL + "/{id}", "checkout.SessionUpdateParams")
def update(call: Call) -> Json:
    session = find(call.world, call.id)
    metadata.update(session, call.params, ())
    return call.world.save(session)


@route("POST", URL + "/{id}/expire", "checkout.SessionExpireParams")
def expire_call(call: Call) -> Json:
    session = find(call.world, call.id)
    if session["status"] != "open":
        raise unexpected_state(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout "
            f"Session has a status of {session['status']}."
        )  # fmt: skip
    return expire(call.world, session)


@route("GET", URL + "/{id}/line_items", "checkout.SessionListLineItemsParams")
def line_items(call: Call) -> Json:
    return _line_items(call.world, find(call.world, call.id))


def _line_items(world: World, session: Json) -> Json:
    items = world.hidden(session["id"]).get("items", [])
    return lists.whole(f"{URL}/{session['id']}/line_items", items)


expand.INCLUDABLE["checkout.session", "line_items"] = _line_items
