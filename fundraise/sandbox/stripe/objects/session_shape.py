"""The shape of a Checkout Session and of its line items."""

from __future__ import annotations

from fundraise.sandbox.stripe import ids
from fundraise.sandbox.stripe.config import CURRENCY, Json
from fundraise.sandbox.stripe.objects import session_checks
from fundraise.sandbox.stripe.world import World

NULL = (
    "after_expiration", "allow_promotion_codes", "amount_subtotal", "amount_total",
    "billing_address_collection", "cancel_url",
    "client_reference_id", "client_secret", "collected_information", "consent",
    "consent_collection", "currency_conversion", "customer", "customer_creation",
    "customer_details", "customer_email", "integration_identifier", "invoice", "locale",
    "origin_context", "payment_intent", "payment_link", "payment_method_configuration_details",
    "permissions", "recovered_from", "saved_payment_method_options", "setup_intent",
    "shipping_address_collection", "shipping_cost", "submit_type", "subscription", "success_url",
    "total_details", "url", "wallet_options",
)  # fmt: skip
COPIED = (
    "allow_promotion_codes", "billing_address_collection", "cancel_url", "client_reference_id",
    "consent_collection", "customer", "customer_creation", "customer_email",
    "integration_identifier", "locale", "origin_context", "return_url", "submit_type",
    "success_url", "excluded_payment_method_types", "allowed_payment_method_types",
)  # fmt: skip


def shape(world: World, params: Json, lines: list[Json]) -> Json:
    session: Json = dict.fromkeys(NULL) | _constant() | {
        "id": ids.session_id(),
        "object": "checkout.session",
        "created": world.now(),
        "currency": CURRENCY,
        "expires_at": params.get("expires_at", world.now() + session_checks.LONGEST),
        "metadata": params.get("metadata") or {},
        "mode": params["mode"],
        "payment_method_options": _options(params),
        "payment_method_types": session_checks.offered_types(params),
        "status": "open",
        "ui_mode": params.get("ui_mode", "hosted_page"),
    }  # fmt: skip
    session |= _sums(params["mode"], sum(line["unit"] * line["quantity"] for line in lines))
    session |= {name: params[name] for name in COPIED if name in params}
    if session["ui_mode"] == "hosted_page":
        session["url"] = f"{world.config.public_origin}/c/pay/{session['id']}"
    else:
        session["client_secret"] = ids.client_secret(session["id"])
        session["redirect_on_completion"] = params.get("redirect_on_completion", "always")
    return session


def _sums(mode: str, total: int) -> Json:
    if mode == "setup":
        return {"payment_method_collection": "always", "payment_status": "no_payment_required"}
    return {
        "amount_subtotal": total,
        "amount_total": total,
        "customer_creation": "if_required",
        "payment_method_collection": "if_required",
        "payment_status": "unpaid",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    }


def _options(params: Json) -> Json:
    given: Json = params.get("payment_method_options") or {}
    return {"card": {"request_three_d_secure": "automatic"} | given.get("card", {})} | {
        name: value for name, value in given.items() if name != "card"
    }


def _constant() -> Json:
    texts = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "branding_settings": None,
        "custom_fields": [],
        "custom_text": dict.fromkeys(texts),
        "discounts": [],
        "invoice_creation": None,
        "livemode": False,
        "optional_items": None,
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
    }


def line_item(world: World, line: Json) -> Json:
    total = line["unit"] * line["quantity"]
    return {
        "id": ids.new("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": CURRENCY,
        "description": line["name"],
        "metadata": {},
        "price": line["price"] or _inline_price(world, line["unit"]),
        "quantity": line["quantity"],
    }


def _inline_price(world: World, unit: int) -> Json:
    nothing = dict.fromkeys(("custom_unit_amount", "lookup_key", "nickname", "recurring",
                             "tiers_mode", "transform_quantity"))  # fmt: skip
    return nothing | {
        "id": ids.new("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": world.now(),
        "currency": CURRENCY,
        "livemode": False,
        "metadata": {},
        "product": ids.new("prod"),
        "tax_behavior": "unspecified",
        "type": "one_time",
        "unit_amount": unit,
        "unit_amount_decimal": str(unit),
    }
