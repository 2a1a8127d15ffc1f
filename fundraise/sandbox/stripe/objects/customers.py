"""Customers: who a saved card belongs to. One-off gifts have none."""

from __future__ import annotations

from fundraise.sandbox.stripe import ids, lists, searching
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import invalid
from fundraise.sandbox.stripe.objects import metadata, payment_methods, session_checks
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World

URL = "/v1/customers"
FIELDS = ("address", "description", "email", "name", "phone", "business_name", "individual_name")


@route("POST", URL, "CustomerCreateParams")
def create(call: Call) -> Json:
    return new(call.world, call.params)


def new(world: World, params: Json) -> Json:
    """A customer, with its event."""
    _check_email(params)
    nothing = dict.fromkeys((
        "address", "business_name", "currency", "customer_account", "default_source", "description",
        "discount", "email", "individual_name", "name", "phone", "shipping", "test_clock",
    ))  # fmt: skip
    customer: Json = nothing | {name: params[name] or None for name in FIELDS if name in params}
    customer |= {
        "id": ids.new("cus"),
        "object": "customer",
        "balance": 0,
        "created": world.now(),
        "delinquent": False,
        "invoice_prefix": ids.new("x")[-8:].upper(),
        "invoice_settings": {"custom_fields": None, "default_payment_method": None,
                             "footer": None, "rendering_options": None},
        "livemode": False,
        "metadata": metadata.checked(params.get("metadata")),
        "next_invoice_sequence": 1,
        "preferred_locales": params.get("preferred_locales", []),
        "tax_exempt": params.get("tax_exempt", "none"),
    }  # fmt: skip
    world.save(customer)
    if "payment_method" in params:
        method = payment_methods.resolve(world, params["payment_method"])
        payment_methods.attach(world, method, customer["id"])
    world.emit("customer.created", customer)
    return customer


def _check_email(params: Json) -> None:
    email = params.get("email")
    if email and not session_checks.EMAIL.fullmatch(email):
        raise invalid("Invalid email address", param="email", code="email_invalid")


@route("GET", URL + "/search", "CustomerSearchParams")
def search(call: Call) -> Json:
    return searching.search(call.world, "customer", URL + "/search", call.params)


@route("GET", URL + "/{id}", "CustomerRetrieveParams")
def retrieve(call: Call) -> Json:
    return call.world.find("customer", call.id, "id")


@route("GET", URL, "CustomerListParams")
def listed(call: Call) -> Json:
    query = lists.Query("customer")
    if "email" in call.params:
        query.also("json_extract(body, '$.email') = ?", call.params["email"])
    return lists.page(call.world, URL, query, call.params)


@route("POST", URL + "/{id}", "CustomerUpdateParams")
def update(call: Call) -> Json:
    customer = call.world.find("customer", call.id, "id")
    _check_email(call.params)
    previous = metadata.update(customer, call.params, FIELDS)
    default = call.params.get("invoice_settings", {}).get("default_payment_method")
    if default:
        customer["invoice_settings"]["default_payment_method"] = default
    call.world.save(customer)
    call.world.emit("customer.updated", customer, previous)
    return customer


@route("DELETE", URL + "/{id}", "CustomerDeleteParams")
def delete(call: Call) -> Json:
    customer = call.world.find("customer", call.id, "id")
    call.world.store.delete(call.id)
    call.world.emit("customer.deleted", customer)
    return {"id": call.id, "object": "customer", "deleted": True}


@route("GET", URL + "/{id}/payment_methods", "CustomerListPaymentMethodsParams")
def listed_methods(call: Call) -> Json:
    query = lists.Query("payment_method").equals("customer", call.id)
    query.equals("type", call.params.get("type"))
    return lists.page(call.world, f"{URL}/{call.id}/payment_methods", query, call.params)
