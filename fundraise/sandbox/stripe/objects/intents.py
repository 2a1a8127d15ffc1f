"""PaymentIntents: their shape and what becomes of them."""

from __future__ import annotations

from fundraise.sandbox.stripe import cards, ids
from fundraise.sandbox.stripe.config import CURRENCY, Json
from fundraise.sandbox.stripe.errors import unexpected_state
from fundraise.sandbox.stripe.objects import charges, metadata, session_states
from fundraise.sandbox.stripe.world import World

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action", "processing")
DOCS = "https://stripe.com/docs/error-codes/"


def new(world: World, amount: int, params: Json, types: list[str]) -> Json:
    """A PaymentIntent that waits for a payment method, with its event."""
    intent = _shape(world, amount, params, types)
    world.save(intent)
    world.emit("payment_intent.created", intent)
    return intent


NULL = (
    "application", "application_fee_amount", "canceled_at", "cancellation_reason",
    "last_payment_error", "latest_charge", "next_action", "on_behalf_of", "payment_method",
    "payment_method_configuration_details", "payment_record", "processing", "review", "shipping",
    "source", "transfer_data", "transfer_group",
)  # fmt: skip
COPIED = ("customer", "description", "receipt_email", "setup_future_usage",
          "statement_descriptor", "statement_descriptor_suffix", "transfer_group")  # fmt: skip


def _shape(world: World, amount: int, params: Json, types: list[str]) -> Json:
    intent_id = ids.new("pi")
    automatic = params.get("automatic_payment_methods", {"enabled": True})
    return dict.fromkeys(NULL) | {name: params.get(name) for name in COPIED} | {
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "automatic_payment_methods": {"allow_redirects": "always"} | automatic,
        "capture_method": params.get("capture_method", "automatic_async"),
        "client_secret": ids.client_secret(intent_id),
        "confirmation_method": params.get("confirmation_method", "automatic"),
        "created": world.now(),
        "currency": CURRENCY,
        "livemode": False,
        "metadata": metadata.checked(params.get("metadata")),
        "payment_method_options": _options(params.get("payment_method_options"), types),
        "payment_method_types": types,
        "status": "requires_payment_method",
    }  # fmt: skip


def _options(given: Json | None, types: list[str]) -> Json:
    options: Json = {}
    if "card" in types:
        options["card"] = {"installments": None, "mandate_options": None, "network": None,
                           "request_three_d_secure": "automatic"}  # fmt: skip
    if "swish" in types:
        options["swish"] = {"reference": None}
    for name, value in (given or {}).items():
        if name in options and isinstance(value, dict):
            options[name] |= value
    return options


def succeed(world: World, intent: Json, method: Json, *, authenticated: bool) -> Json:
    charge = charges.succeed(world, intent, method, authenticated=authenticated)
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "next_action": None,
               "latest_charge": charge["id"], "last_payment_error": None,
               "payment_method": method["id"]}  # fmt: skip
    world.save(intent)
    world.emit("payment_intent.succeeded", intent)
    session_states.paid(world, intent, method)
    return intent


def decline(world: World, intent: Json, method: Json, code: str, decline_code: str | None) -> Json:
    """The bank says no: a failed charge, and the intent waits for another payment method."""
    charge = charges.fail(world, intent, method, code, decline_code)
    intent["latest_charge"] = charge["id"]
    return fail(world, intent, method, code, decline_code, charge["id"])


def fail(world: World, intent: Json, method: Json, code: str, decline_code: str | None = None,
         charge: str | None = None) -> Json:  # fmt: skip
    error = {"code": code, "doc_url": DOCS + code.replace("_", "-"),
             "message": cards.message(code, decline_code), "payment_method": method,
             "type": "card_error" if charge else "invalid_request_error"}  # fmt: skip
    if charge:
        error["charge"] = charge
    if decline_code:
        error["decline_code"] = decline_code
    intent |= {"status": "requires_payment_method", "last_payment_error": error,
               "next_action": None, "payment_method": None}  # fmt: skip
    world.save(intent)
    world.emit("payment_intent.payment_failed", intent)
    return intent


def require_action(world: World, intent: Json, method: Json, next_action: Json) -> Json:
    intent |= {"status": "requires_action", "next_action": next_action,
               "payment_method": method["id"]}  # fmt: skip
    world.save(intent)
    world.emit("payment_intent.requires_action", intent)
    return intent


def cancel(world: World, intent: Json, reason: str | None) -> Json:
    if intent["status"] not in OPEN:
        raise unexpected_state(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state", payment_intent=intent,
        )  # fmt: skip
    intent |= {"status": "canceled", "canceled_at": world.now(), "cancellation_reason": reason,
               "next_action": None}  # fmt: skip
    world.save(intent)
    world.emit("payment_intent.canceled", intent)
    return intent
