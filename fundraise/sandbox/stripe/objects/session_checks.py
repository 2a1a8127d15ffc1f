"""What Stripe refuses of a Checkout Session beyond its parameter types."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from fundraise.sandbox.stripe.config import CURRENCY, Json
from fundraise.sandbox.stripe.errors import ApiError, invalid, missing_param
from fundraise.sandbox.stripe.objects import amounts, metadata
from fundraise.sandbox.stripe.world import World

SHORTEST, LONGEST = 30 * 60, 24 * 60 * 60
EMBEDDED = ("embedded_page", "elements", "form")
OFFERED = ("card", "swish")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def check(world: World, params: Json) -> None:
    if "mode" not in params:
        raise missing_param("mode")
    if params["mode"] == "subscription":
        raise invalid("The stand-in knows no subscriptions.", param="mode")
    if params["mode"] == "payment" and not params.get("line_items"):
        raise missing_param("line_items")
    if params["mode"] == "setup" and "currency" not in params:
        raise missing_param("currency")  # with dynamic payment methods it is needed
    _check_addresses(params)
    _check_texts(params)
    _check_expiry(world, params)
    metadata.checked(params.get("metadata"))
    metadata.checked(params.get("payment_intent_data", {}).get("metadata"),
                     "payment_intent_data[metadata]")  # fmt: skip


def _check_addresses(params: Json) -> None:
    ui_mode = params.get("ui_mode", "hosted_page")
    if ui_mode in EMBEDDED:
        for name in ("success_url", "cancel_url"):
            if name in params:
                raise invalid(f"`{name}` is not allowed with `ui_mode: {ui_mode}`.", param=name)
        if "return_url" not in params:
            raise missing_param("return_url")
    elif "success_url" not in params:
        raise missing_param("success_url")
    if ui_mode == "elements" and "submit_type" in params:
        message = "`submit_type` is not allowed with `ui_mode: elements`."
        raise invalid(message, param="submit_type")
    for name in ("success_url", "cancel_url", "return_url"):
        parts = urlsplit(params.get(name, "https://unset.invalid"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ApiError(400, "Not a valid URL", code="url_invalid", param=name)


def _check_texts(params: Json) -> None:
    if len(params.get("client_reference_id", "")) > 200:
        raise invalid("client_reference_id can have up to 200 characters.",
                      param="client_reference_id")  # fmt: skip
    email = params.get("customer_email")
    if email is not None and not EMAIL.fullmatch(email):
        raise ApiError(400, "Invalid email address", code="email_invalid", param="customer_email")
    if email is not None and "customer" in params:
        message = "You may only specify one of these parameters: customer, customer_email."
        raise invalid(message, param="customer_email")
    amounts.check_descriptor(params.get("payment_intent_data", {}), "payment_intent_data")


def _check_expiry(world: World, params: Json) -> None:
    if "expires_at" not in params:
        return
    ahead = params["expires_at"] - world.now()
    # A little slack: the caller's second may have passed on the way here.
    if ahead < SHORTEST - 5:
        message = (
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        )
        raise invalid(message, param="expires_at")
    if ahead > LONGEST + 5:
        message = (
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        )
        raise invalid(message, param="expires_at")


def offered_types(params: Json) -> list[str]:
    """Dynamic payment methods for SEK, as the account's settings would have them."""
    allowed = params.get("allowed_payment_method_types", OFFERED)
    excluded = params.get("excluded_payment_method_types", ())
    types = [name for name in OFFERED if name in allowed and name not in excluded]
    saves = params.get("payment_intent_data", {}).get("setup_future_usage")
    if saves or params.get("mode") == "setup":
        types = [name for name in types if name != "swish"]
    if not types:
        raise invalid("No valid payment method types for this Checkout Session.")
    return types


def lines(world: World, params: Json) -> list[Json]:
    """The line items with their unit prices; [] in setup mode."""
    return [_line(world, item, i) for i, item in enumerate(params.get("line_items", []))]


def _line(world: World, item: Json, index: int) -> Json:
    where = f"line_items[{index}]"
    if "quantity" not in item:
        raise missing_param(f"{where}[quantity]")
    if "price" in item:
        price = world.find("price", item["price"], f"{where}[price]")
        product = world.find("product", price["product"])
        return {"unit": price["unit_amount"], "quantity": item["quantity"], "price": price,
                "name": product["name"]}  # fmt: skip
    data = item.get("price_data")
    if data is None:
        raise missing_param(f"{where}[price_data]")
    return _inline(world, data, item["quantity"], f"{where}[price_data]")


def _inline(world: World, data: Json, quantity: int, where: str) -> Json:
    if data["currency"].lower() != CURRENCY:
        raise invalid("The stand-in knows only sek.", param=f"{where}[currency]")
    if "recurring" in data:
        message = "You specified `payment` mode but passed a recurring price."
        raise invalid(message, param=where)
    if "unit_amount" not in data:
        raise missing_param(f"{where}[unit_amount]")
    if data["unit_amount"] < 0:
        raise invalid("Invalid non-negative integer", param=f"{where}[unit_amount]",
                      code="parameter_invalid_integer")  # fmt: skip
    if "product" in data:
        name = world.find("product", data["product"], f"{where}[product]")["name"]
    elif "product_data" in data:
        name = data["product_data"]["name"]
    else:
        raise missing_param(f"{where}[product]")
    return {"unit": data["unit_amount"], "quantity": quantity, "price": None, "name": name}
