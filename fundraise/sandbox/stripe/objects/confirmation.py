"""Confirming a PaymentIntent: through, declined, or one more step for the donor."""

from __future__ import annotations

import random
from typing import Literal

from fundraise.sandbox.stripe import ids
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import ApiError, unexpected_state
from fundraise.sandbox.stripe.objects import intents, payment_methods, saved_cards
from fundraise.sandbox.stripe.world import World

AUTHENTICATION_REQUIRED = ("authentication_required", "authentication_required")
REFUSALS = {
    ("swish", "timeout"): "payment_intent_payment_attempt_expired",
    ("swish", "refuse"): "payment_intent_payment_attempt_failed",
}
Verdict = Literal["through", "ask"] | tuple[str, str | None]


def confirm(
    world: World,
    intent: Json,
    method: Json,
    *,
    off_session: bool = False,
    authenticated: bool = False,
    return_url: str | None = None,
) -> Json:
    """The intent in its new state. A decline is a state too: see `raise_if_declined`."""
    if method["type"] == "swish":
        return _ask_swish(world, intent, method, return_url)
    found = verdict(world, method, off_session=off_session, authenticated=authenticated)
    if found == "through":
        intent = saved_cards.made_for_session(world, intent, method)
        _remember(world, intent, method, authenticated)
        return intents.succeed(world, intent, method, authenticated=authenticated)
    if found == "ask":
        return _ask_bank(world, intent, method, return_url)
    return intents.decline(world, intent, method, *found)


def verdict(world: World, method: Json, *, off_session: bool, authenticated: bool) -> Verdict:
    card = payment_methods.behaviour(world, method)
    hidden = world.hidden(method["id"])
    asked_for = hidden.get("decline")
    told = (asked_for["code"], asked_for.get("decline_code")) if (
        asked_for and world.now() >= asked_for["from"]) else None  # fmt: skip
    if told and told[0] != "authentication_required":
        return told
    if card is None:
        return "card_declined", "generic_decline"
    if saved_cards.has_run_out(world, method):
        return "expired_card", None
    asks = told is not None or card.three_d_secure == "always" or (
        card.three_d_secure == "unless_saved" and not hidden.get("saved")
    )  # fmt: skip
    if asks and not authenticated:
        return AUTHENTICATION_REQUIRED if off_session else "ask"
    if card.decline is not None:
        return card.decline
    unlucky = random.random() < float(world.knobs["decline_rate"])  # noqa: S311
    return ("card_declined", "generic_decline") if unlucky else "through"


def raise_if_declined(world: World, intent: Json) -> None:
    """The API answers a decline with 402; what was written stays."""
    error = intent["last_payment_error"]
    if intent["status"] != "requires_payment_method" or error is None:
        return
    raise ApiError(
        402, error["message"], type="card_error", code=error["code"], saved=True,
        decline_code=error.get("decline_code"), charge=error.get("charge"),
        payment_intent=intent, payment_method=error["payment_method"],
    )  # fmt: skip


def _remember(world: World, intent: Json, method: Json, authenticated: bool) -> None:
    if intent["setup_future_usage"] is None:
        return
    world.save(method, saved=authenticated or bool(world.hidden(method["id"]).get("saved")))
    if intent["customer"]:
        payment_methods.attach(world, method, intent["customer"])


def _ask_bank(world: World, intent: Json, method: Json, return_url: str | None) -> Json:
    url = f"{world.config.public_origin}/3ds/{intent['id']}"
    redirect = {"return_url": return_url, "url": url}
    action = {"redirect_to_url": redirect, "type": "redirect_to_url"}
    return intents.require_action(world, intent, method, action)


def _ask_swish(world: World, intent: Json, method: Json, return_url: str | None) -> Json:
    world.save(intent, return_url=return_url)
    url = f"{world.config.public_origin}/swish/{intent['id']}"
    code = {"data": url, "image_url_png": f"{url}.png", "image_url_svg": f"{url}.svg"}
    action = {
        "swish_handle_redirect_or_display_qr_code": {
            "hosted_instructions_url": url,
            "mobile_auth_url": url,
            "qr_code": code,
        },
        "type": "swish_handle_redirect_or_display_qr_code",
    }
    asked = intents.require_action(world, intent, method, action)
    # A number of its own, so that the time limit of an earlier try does not end a later one.
    ask = ids.new("ask")
    world.save(asked, ask=ask)
    limit = world.now() + int(world.knobs["swish_timeout_seconds"])
    world.later("swish_timeout", {"intent": intent["id"], "ask": ask}, at=limit)
    return asked


def answer(world: World, intent_id: str, decision: str) -> Json:
    """What the donor did at the bank or in the Swish app: approve, refuse or (Swish) timeout."""
    intent = world.find("payment_intent", intent_id, "intent")
    if intent["status"] != "requires_action":
        raise unexpected_state("This PaymentIntent is not waiting for anything.")
    method = world.find("payment_method", intent["payment_method"])
    if decision != "approve":
        code = REFUSALS.get((method["type"], decision), "payment_intent_authentication_failure")
        return intents.fail(world, intent, method, code)
    if method["type"] == "swish":
        return intents.succeed(world, intent, method, authenticated=False)
    return confirm(world, intent, method, authenticated=True)


def time_out(world: World, intent_id: str, ask: str) -> None:
    intent = world.find("payment_intent", intent_id)
    if intent["status"] == "requires_action" and world.hidden(intent_id).get("ask") == ask:
        answer(world, intent_id, "timeout")
