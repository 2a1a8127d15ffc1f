"""Products and prices, as little of them as a line item needs; and the account itself."""

from __future__ import annotations

from fundraise.sandbox.stripe import ids, lists
from fundraise.sandbox.stripe.config import ACCOUNT_ID, CURRENCY, PAYEE, Json
from fundraise.sandbox.stripe.errors import missing_param
from fundraise.sandbox.stripe.objects import amounts, metadata
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World


def _product(world: World, params: Json) -> Json:
    nothing = dict.fromkeys(("default_price", "description", "package_dimensions", "shippable",
                             "statement_descriptor", "tax_code", "unit_label", "url"))  # fmt: skip
    product = nothing | {
        "id": params.get("id") or ids.new("prod"),
        "object": "product",
        "active": params.get("active", True),
        "created": world.now(),
        "description": params.get("description"),
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": metadata.checked(params.get("metadata")),
        "name": params["name"],
        "type": "service",
        "updated": world.now(),
    }
    return world.save(product)


@route("POST", "/v1/products", "ProductCreateParams")
def create_product(call: Call) -> Json:
    return _product(call.world, call.params)


@route("GET", "/v1/products/{id}", "ProductRetrieveParams")
def retrieve_product(call: Call) -> Json:
    return call.world.find("product", call.id, "id")


@route("GET", "/v1/products", "ProductListParams")
def listed_products(call: Call) -> Json:
    return lists.page(call.world, "/v1/products", lists.Query("product"), call.params)


@route("POST", "/v1/prices", "PriceCreateParams")
def create_price(call: Call) -> Json:
    world, params = call.world, call.params
    amounts.check_currency(params)
    if "product" not in params and "product_data" not in params:
        raise missing_param("product")
    product = (world.find("product", params["product"], "product") if "product" in params
               else _product(world, params["product_data"]))  # fmt: skip
    nothing = dict.fromkeys(("custom_unit_amount", "lookup_key", "tiers_mode",
                             "transform_quantity"))  # fmt: skip
    recurring = params.get("recurring")
    price = nothing | {
        "id": ids.new("price"),
        "object": "price",
        "active": params.get("active", True),
        "billing_scheme": "per_unit",
        "created": world.now(),
        "currency": CURRENCY,
        "livemode": False,
        "metadata": metadata.checked(params.get("metadata")),
        "nickname": params.get("nickname"),
        "product": product["id"],
        "recurring": recurring,
        "tax_behavior": "unspecified",
        "type": "recurring" if recurring else "one_time",
        "unit_amount": params.get("unit_amount", 0),
        "unit_amount_decimal": str(params.get("unit_amount", 0)),
    }
    return world.save(price)


@route("GET", "/v1/prices/{id}", "PriceRetrieveParams")
def retrieve_price(call: Call) -> Json:
    return call.world.find("price", call.id, "price")


@route("GET", "/v1/prices", "PriceListParams")
def listed_prices(call: Call) -> Json:
    return lists.page(call.world, "/v1/prices", lists.Query("price"), call.params)


@route("GET", "/v1/account", "AccountRetrieveCurrentParams")
def account(call: Call) -> Json:
    payments = {"statement_descriptor": PAYEE.upper()[:22], "statement_descriptor_kana": None,
                "statement_descriptor_kanji": None}  # fmt: skip
    return {
        "id": ACCOUNT_ID,
        "object": "account",
        "business_type": "non_profit",
        "capabilities": {"card_payments": "active", "swish_payments": "active",
                         "transfers": "active"},
        "charges_enabled": True,
        "country": "SE",
        "created": 0,
        "default_currency": CURRENCY,
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": PAYEE, "timezone": "Europe/Stockholm"},
                     "payments": payments},
        "type": "standard",
    }  # fmt: skip
