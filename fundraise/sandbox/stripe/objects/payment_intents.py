"""PaymentIntents: the calls."""

from __future__ import annotations

from fundraise.sandbox.stripe import lists, searching
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import invalid, unexpected_state
from fundraise.sandbox.stripe.objects import (
    amounts,
    confirmation,
    intents,
    metadata,
    payment_methods,
    saved_cards,
    session_checks,
)
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World

URL = "/v1/payment_intents"
FIELDS = ("customer", "description", "receipt_email", "setup_future_usage",
          "statement_descriptor", "statement_descriptor_suffix")  # fmt: skip


@route("POST", URL, "PaymentIntentCreateParams")
def create(call: Call) -> Json:
    world, params = call.world, call.params
    amounts.check_currency(params)
    amounts.check(params["amount"])
    amounts.check_descriptor(params)
    if params.get("off_session") and not params.get("confirm"):
        message = "You cannot provide `off_session` when `confirm` is not true."
        raise invalid(message, param="off_session")
    if "customer" in params:
        world.find("customer", params["customer"], "customer")
    method = _method(world, params)
    if method is not None:
        saved_cards.check_owner(world, method, params.get("customer"))
    types = session_checks.offered_types(params)
    intent = intents.new(world, params["amount"], params, types)
    if method is not None:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
        world.save(intent)
    return _confirm(world, intent, method, params) if params.get("confirm") else intent


def _method(world: World, params: Json) -> Json | None:
    if "payment_method" in params:
        return payment_methods.resolve(world, params["payment_method"])
    if "payment_method_data" in params:
        return payment_methods.from_data(world, params["payment_method_data"])
    return None


def _confirm(world: World, intent: Json, method: Json | None, params: Json) -> Json:
    if method is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. Update "
            "the PaymentIntent with a payment method and then confirm it again."
        )
        code = "payment_intent_unexpected_state"
        raise unexpected_state(message, code=code, payment_intent=intent)
    off_session = bool(params.get("off_session"))
    refuses_steps = off_session or bool(params.get("error_on_requires_action"))
    confirmed = confirmation.confirm(
        world, intent, method, off_session=refuses_steps, return_url=params.get("return_url")
    )
    confirmation.raise_if_declined(world, confirmed)
    return confirmed


@route("POST", URL + "/{id}/confirm", "PaymentIntentConfirmParams")
def confirm(call: Call) -> Json:
    world, params = call.world, call.params
    intent = world.find("payment_intent", call.id, "intent")
    _must_be_open(intent, "confirm")
    for name in ("receipt_email", "setup_future_usage"):
        if name in params:
            intent[name] = params[name] or None
    method = _method(world, params)
    if method is None and intent["payment_method"]:
        method = world.find("payment_method", intent["payment_method"])
    if method is not None:
        saved_cards.check_owner(world, method, intent["customer"])
    return _confirm(world, intent, method, params)


def _must_be_open(intent: Json, verb: str) -> None:
    if intent["status"] in intents.OPEN:
        return
    raise unexpected_state(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state", payment_intent=intent,
    )  # fmt: skip


@route("GET", URL + "/search", "PaymentIntentSearchParams")
def search(call: Call) -> Json:
    return searching.search(call.world, "payment_intent", URL + "/search", call.params)


@route("GET", URL + "/{id}", "PaymentIntentRetrieveParams")
def retrieve(call: Call) -> Json:
    return call.world.find("payment_intent", call.id, "intent")


@route("GET", URL, "PaymentIntentListParams")
def listed(call: Call) -> Json:
    query = lists.Query("payment_intent").equals("customer", call.params.get("customer"))
    return lists.page(call.world, URL, query, call.params)


@route("POST", URL + "/{id}", "PaymentIntentUpdateParams")
def update(call: Call) -> Json:
    world, params = call.world, call.params
    intent = world.find("payment_intent", call.id, "intent")
    if "amount" in params:
        _must_be_open(intent, "update the amount of")
        intent["amount"] = amounts.check(params["amount"])
    method = _method(world, params)
    if method is not None:
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    metadata.update(intent, params, FIELDS)
    return world.save(intent)


@route("POST", URL + "/{id}/cancel", "PaymentIntentCancelParams")
def cancel(call: Call) -> Json:
    intent = call.world.find("payment_intent", call.id, "intent")
    if call.world.hidden(call.id).get("session"):
        message = "You cannot cancel this PaymentIntent: it belongs to a Checkout Session."
        session = call.world.store.get(call.world.hidden(call.id)["session"])
        if session is not None and session["status"] == "open":
            raise unexpected_state(message, code="payment_intent_unexpected_state")
    return intents.cancel(call.world, intent, call.params.get("cancellation_reason"))
