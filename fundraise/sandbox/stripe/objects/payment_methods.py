"""Payment methods: cards made from test numbers or tokens, and Swish."""

from __future__ import annotations

import hashlib
from typing import Any

from fundraise.sandbox.stripe import cards, ids, lists
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import (
    ApiError,
    invalid,
    missing_param,
    no_such,
    unexpected_state,
)
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World

YEAR_AHEAD = 3


def new_card(world: World, card: cards.TestCard, billing: Json | None = None,
             expiry: tuple[int, int] | None = None) -> Json:  # fmt: skip
    month, year = expiry or (12, 2030)
    details = {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None,
                   "cvc_check": "unchecked"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
        "funding": card.funding,
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }  # fmt: skip
    return world.save(_shape(world, "card", details, billing), behaviour=card.magic)


def new_swish(world: World, billing: Json | None = None) -> Json:
    return world.save(_shape(world, "swish", {}, billing), behaviour="swish")


def _shape(world: World, type: str, details: Json, billing: Json | None) -> Json:
    given = billing or {}
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {
        "id": ids.new("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": address | (given.get("address") or {}),
            "email": given.get("email"),
            "name": given.get("name"),
            "phone": given.get("phone"),
            "tax_id": None,
        },
        type: details,
        "created": world.now(),
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": type,
    }


def behaviour(world: World, method: Json) -> cards.TestCard | None:
    """What the card does; Swish has no card."""
    return cards.BY_MAGIC.get(str(world.hidden(method["id"]).get("behaviour")))


def resolve(world: World, given: str, param: str = "payment_method") -> Json:
    """An id, or one of Stripe's magic names (pm_card_visa), which makes a new one."""
    known = world.store.get(given)
    if known is not None and known["object"] == "payment_method":
        return known
    card = cards.by_token(given)
    if card is None:
        raise no_such("PaymentMethod", given, param)
    return new_card(world, card)


def from_data(world: World, data: Json) -> Json:
    """`payment_method_data` of a confirmation; raw card data does not come this way."""
    if data.get("type") == "swish":
        return new_swish(world, data.get("billing_details"))
    raise invalid("The stand-in takes only type=swish here.", param="payment_method_data[type]")


def attach(world: World, method: Json, customer: str) -> Json:
    if method["type"] == "swish":
        raise invalid("Payment methods of type swish cannot be saved to customers.")
    if method["customer"] not in (None, customer) or world.hidden(method["id"]).get("detached"):
        raise unexpected_state("The payment method has already been attached to a customer.")
    if method["customer"] == customer:
        return method
    method["customer"] = customer
    world.save(method)
    world.emit("payment_method.attached", method)
    return method


@route("POST", "/v1/payment_methods", "PaymentMethodCreateParams")
def create(call: Call) -> Json:
    world, params = call.world, call.params
    if params.get("type") == "swish":
        return new_swish(world, params.get("billing_details"))
    if params.get("type") != "card":
        raise missing_param("type") if "type" not in params else invalid(
            "The stand-in knows payment methods of type card and swish.", param="type")  # fmt: skip
    method = _from_card(world, params.get("card") or {}, params.get("billing_details"))
    method["metadata"] = params.get("metadata") or {}
    return world.save(method)


def _from_card(world: World, given: Json, billing: Any) -> Json:
    card = cards.by_token(given["token"]) if "token" in given else None
    if card is None and "number" in given:
        card = cards.by_number(given["number"])
    if card is None:
        code = "incorrect_number"
        raise ApiError(402, cards.MESSAGES[code], type="card_error", code=code, param="number")
    expiry = (int(given.get("exp_month", 12)), int(given.get("exp_year", 2030)))
    return new_card(world, card, billing, expiry)


@route("GET", "/v1/payment_methods/{id}", "PaymentMethodRetrieveParams")
def retrieve(call: Call) -> Json:
    return call.world.find("payment_method", call.id, "payment_method")


@route("GET", "/v1/payment_methods", "PaymentMethodListParams")
def listed(call: Call) -> Json:
    query = lists.Query("payment_method").equals("customer", call.params.get("customer"))
    query.equals("type", call.params.get("type"))
    return lists.page(call.world, "/v1/payment_methods", query, call.params)


@route("POST", "/v1/payment_methods/{id}/attach", "PaymentMethodAttachParams")
def attach_call(call: Call) -> Json:
    if "customer" not in call.params:
        raise missing_param("customer")
    customer = call.world.find("customer", call.params["customer"], "customer")
    return attach(call.world, resolve(call.world, call.id), customer["id"])


@route("POST", "/v1/payment_methods/{id}/detach", "PaymentMethodDetachParams")
def detach(call: Call) -> Json:
    method = call.world.find("payment_method", call.id, "payment_method")
    if method["customer"] is None:
        raise unexpected_state("The payment method you provided is not attached to a customer.")
    previous = {"customer": method["customer"]}
    method["customer"] = None
    call.world.save(method, detached=True)
    call.world.emit("payment_method.detached", method, previous)
    return method
