"""SetupIntents: the calls."""

from __future__ import annotations

from fundraise.sandbox.stripe import lists
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import unexpected_state
from fundraise.sandbox.stripe.objects import payment_methods, session_checks, setup_states
from fundraise.sandbox.stripe.routes import Call, route

URL = "/v1/setup_intents"


@route("POST", URL, "SetupIntentCreateParams")
def create(call: Call) -> Json:
    world, params = call.world, call.params
    if "customer" in params:
        world.find("customer", params["customer"], "customer")
    types = session_checks.offered_types(params | {"mode": "setup"})
    intent = setup_states.new(world, params, types)
    if "payment_method" in params:
        method = payment_methods.resolve(world, params["payment_method"])
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
        world.save(intent)
    return _confirm(call, intent) if params.get("confirm") else intent


def _confirm(call: Call, intent: Json) -> Json:
    given = call.params.get("payment_method") or intent["payment_method"]
    if given is None:
        message = "You cannot confirm this SetupIntent because it's missing a payment method."
        raise unexpected_state(message, code="setup_intent_unexpected_state")
    method = payment_methods.resolve(call.world, given)
    confirmed = setup_states.confirm(call.world, intent, method)
    setup_states.raise_if_failed(confirmed)
    return confirmed


@route("POST", URL + "/{id}/confirm", "SetupIntentConfirmParams")
def confirm(call: Call) -> Json:
    return _confirm(call, call.world.find("setup_intent", call.id, "intent"))


@route("GET", URL + "/{id}", "SetupIntentRetrieveParams")
def retrieve(call: Call) -> Json:
    return call.world.find("setup_intent", call.id, "intent")


@route("GET", URL, "SetupIntentListParams")
def listed(call: Call) -> Json:
    query = lists.Query("setup_intent").equals("customer", call.params.get("customer"))
    return lists.page(call.world, URL, query, call.params)


@route("POST", URL + "/{id}/cancel", "SetupIntentCancelParams")
def cancel(call: Call) -> Json:
    intent = call.world.find("setup_intent", call.id, "intent")
    if intent["status"] in ("succeeded", "canceled"):
        message = f"You cannot cancel a SetupIntent with a status of {intent['status']}."
        raise unexpected_state(message, code="setup_intent_unexpected_state")
    reason = call.params.get("cancellation_reason")
    intent |= {"status": "canceled", "cancellation_reason": reason, "next_action": None}
    call.world.save(intent)
    call.world.emit("setup_intent.canceled", intent)
    return intent
