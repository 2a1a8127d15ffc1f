"""Cards that are kept for later: whose they are, when they run out, and what the network changes.

https://docs.stripe.com/payments/save-during-payment, https://docs.stripe.com/payments/cards/overview
(card account updater).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import ApiError, invalid
from fundraise.sandbox.stripe.objects import customers
from fundraise.sandbox.stripe.world import World


def has_run_out(world: World, method: Json) -> bool:
    """Whether the month on the card is over, by the stand-in's clock."""
    card = method.get("card") or {}
    today = datetime.fromtimestamp(world.now(), UTC)
    return bool(card) and (card["exp_year"], card["exp_month"]) < (today.year, today.month)


def check_owner(world: World, method: Json, customer: str | None) -> None:
    """A card that belongs to a customer is charged for that one alone; one taken off, never."""
    if world.hidden(method["id"]).get("detached"):
        message = (
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
            "attachment, shared with a connected account without Customer attachment, or was "
            "detached from a Customer. It may not be used again."
        )
        raise ApiError(400, message, code="payment_method_unexpected_state", param="payment_method")
    if method["customer"] not in (None, customer):
        message = (
            "The payment method belongs to another customer. Include the customer in the "
            "`customer` parameter on the PaymentIntent."
        )
        raise invalid(message, param="payment_method")


def made_for_session(world: World, intent: Json, method: Json) -> Json:
    """The customer whom a session makes at its success (`customer_creation`)."""
    session = world.store.get(world.hidden(intent["id"]).get("session") or "")
    if session is None or session["customer"] or intent["customer"]:
        return intent
    saves = intent["setup_future_usage"] is not None
    if session["customer_creation"] != "always" and not saves:
        return intent
    billing = method["billing_details"]
    given = {"email": session["customer_email"] or billing["email"], "name": billing["name"]}
    customer = customers.new(world, {name: value for name, value in given.items() if value})
    session["customer"] = intent["customer"] = customer["id"]
    world.save(session)
    return world.save(intent)


def update_by_network(world: World, method: Json, changes: dict[str, Any]) -> Json:
    """The card was reissued, and the network told Stripe: same id, new digits and months."""
    if method["type"] != "card" or method["customer"] is None:
        raise ValueError("Only a card that is saved for a customer is updated.")
    known = {"exp_month", "exp_year", "last4", "fingerprint"}
    if not changes or set(changes) - known:
        raise ValueError(f"Name some of {', '.join(sorted(known))}.")
    before = {name: method["card"][name] for name in changes}
    method["card"] = method["card"] | changes
    world.save(method, decline=None)
    world.emit("payment_method.automatically_updated", method, {"card": before})
    return method
