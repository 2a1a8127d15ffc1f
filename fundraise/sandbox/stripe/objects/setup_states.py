"""SetupIntents: saving a card without taking money."""

from __future__ import annotations

from fundraise.sandbox.stripe import cards, ids
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import ApiError, unexpected_state
from fundraise.sandbox.stripe.objects import metadata, payment_methods, session_states
from fundraise.sandbox.stripe.world import World

DOCS = "https://stripe.com/docs/error-codes/"


def new(world: World, params: Json, types: list[str]) -> Json:
    intent_id = ids.new("seti")
    nothing = dict.fromkeys((
        "application", "cancellation_reason", "customer", "description", "flow_directions",
        "last_setup_error", "latest_attempt", "mandate", "next_action", "on_behalf_of",
        "payment_method", "payment_method_configuration_details", "single_use_mandate",
    ))  # fmt: skip
    copied = {name: params[name] for name in ("customer", "description") if name in params}
    intent = nothing | copied | {
        "id": intent_id,
        "object": "setup_intent",
        "automatic_payment_methods": {"allow_redirects": "always"}
        | params.get("automatic_payment_methods", {"enabled": True}),
        "client_secret": ids.client_secret(intent_id),
        "created": world.now(),
        "livemode": False,
        "metadata": metadata.checked(params.get("metadata")),
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": types,
        "status": "requires_payment_method",
        "usage": params.get("usage", "off_session"),
    }  # fmt: skip
    world.save(intent)
    world.emit("setup_intent.created", intent)
    return intent


def for_session(world: World, params: Json, session: Json) -> Json:
    data = dict(params.get("setup_intent_data", {}))
    if "customer" in params:
        data["customer"] = params["customer"]
    intent = new(world, data, session["payment_method_types"])
    return world.save(intent, session=session["id"])


def confirm(world: World, intent: Json, method: Json, *, authenticated: bool = False) -> Json:
    if intent["status"] in ("succeeded", "canceled"):
        raise unexpected_state(
            f"You cannot confirm this SetupIntent because it has a status of {intent['status']}.",
            code="setup_intent_unexpected_state", setup_intent=intent,
        )  # fmt: skip
    card = payment_methods.behaviour(world, method)
    if card is not None and card.three_d_secure != "no" and not authenticated:
        return _ask(world, intent, method)
    if card is None or (card.decline is not None and card.declines_when == "always"):
        code, decline_code = card.decline if card and card.decline else ("card_declined", None)
        return fail(world, intent, method, code, decline_code)
    return _succeed(world, intent, method, authenticated)


def _ask(world: World, intent: Json, method: Json) -> Json:
    url = f"{world.config.public_origin}/3ds/{intent['id']}"
    action = {"redirect_to_url": {"return_url": None, "url": url}, "type": "redirect_to_url"}
    intent |= {"status": "requires_action", "next_action": action, "payment_method": method["id"]}
    world.save(intent)
    world.emit("setup_intent.requires_action", intent)
    return intent


def fail(
    world: World, intent: Json, method: Json, code: str, decline_code: str | None = None
) -> Json:
    error = {"code": code, "doc_url": DOCS + code.replace("_", "-"),
             "message": cards.message(code, decline_code), "payment_method": method,
             "type": "card_error"}  # fmt: skip
    if decline_code:
        error["decline_code"] = decline_code
    intent |= {"status": "requires_payment_method", "last_setup_error": error,
               "next_action": None, "payment_method": None}  # fmt: skip
    world.save(intent)
    world.emit("setup_intent.setup_failed", intent)
    return intent


def _succeed(world: World, intent: Json, method: Json, authenticated: bool) -> Json:
    world.save(method, saved=authenticated)
    if intent["customer"]:
        payment_methods.attach(world, method, intent["customer"])
    intent |= {"status": "succeeded", "next_action": None, "last_setup_error": None,
               "payment_method": method["id"]}  # fmt: skip
    world.save(intent)
    world.emit("setup_intent.succeeded", intent)
    session = world.store.get(world.hidden(intent["id"]).get("session", ""))
    if session is not None and session["status"] == "open":
        session_states.complete(world, session)
    return intent


def answer(world: World, intent_id: str, decision: str) -> Json:
    intent = world.find("setup_intent", intent_id)
    if intent["status"] != "requires_action":
        raise unexpected_state("This SetupIntent is not waiting for anything.")
    method = world.find("payment_method", intent["payment_method"])
    if decision == "approve":
        return confirm(world, intent, method, authenticated=True)
    return fail(world, intent, method, "setup_intent_authentication_failure")


def raise_if_failed(intent: Json) -> None:
    error = intent["last_setup_error"]
    if intent["status"] != "requires_payment_method" or error is None:
        return
    raise ApiError(
        402, error["message"], type="card_error", code=error["code"], saved=True,
        decline_code=error.get("decline_code"), setup_intent=intent,
        payment_method=error["payment_method"],
    )  # fmt: skip
