"""Events and the endpoints they are sent to."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from fundraise.sandbox.stripe import ids, lists
from fundraise.sandbox.stripe.config import API_VERSION, Json
from fundraise.sandbox.stripe.errors import invalid
from fundraise.sandbox.stripe.objects import metadata
from fundraise.sandbox.stripe.routes import Call, route
from fundraise.sandbox.stripe.world import World

URL = "/v1/webhook_endpoints"
# The endpoint named on the command line: the same row in every run.
FIRST_ENDPOINT = "we_standin"

UNDELIVERED = (
    "id {} IN (SELECT event FROM deliveries "
    "WHERE state IN ('pending', 'sending', 'held', 'failed', 'dropped'))"
)


@route("GET", "/v1/events/{id}", "EventRetrieveParams")
def retrieve(call: Call) -> Json:
    return call.world.find("event", call.id, "id")


@route("GET", "/v1/events", "EventListParams")
def listed(call: Call) -> Json:
    params, query = call.params, lists.Query("event")
    if "type" in params and "types" in params:
        raise invalid("You may only specify one of these parameters: type, types.", param="types")
    if params.get("type", "").endswith("*"):
        query.also("type GLOB ?", params["type"])
    else:
        query.equals("type", params.get("type"))
    if "types" in params:
        marks = ", ".join("?" for _ in params["types"])
        query.also(f"type IN ({marks})", *params["types"])
    if "delivery_success" in params:
        query.also(UNDELIVERED.format("NOT" if params["delivery_success"] else ""))
    return lists.page(call.world, "/v1/events", query, params)


def add_endpoint(world: World, url: str, enabled: list[str], secret: str,
                 endpoint_id: str | None = None) -> Json:  # fmt: skip
    endpoint: Json = {
        "id": endpoint_id or ids.new("we"),
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": world.now(),
        "description": None,
        "enabled_events": enabled,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
    }
    world.save(endpoint, secret=secret)
    return endpoint


@route("POST", URL, "WebhookEndpointCreateParams")
def create(call: Call) -> Json:
    params = call.params
    if not urlsplit(params["url"]).hostname:
        raise invalid("Invalid URL", param="url", code="url_invalid")
    version = params.get("api_version", API_VERSION)
    secret = f"whsec_{secrets.token_hex(16)}"
    endpoint = add_endpoint(call.world, params["url"], params["enabled_events"], secret)
    endpoint |= {"api_version": version, "description": params.get("description") or None,
                 "metadata": metadata.checked(params.get("metadata"))}  # fmt: skip
    call.world.save(endpoint)
    # Only this answer tells the secret.
    return endpoint | {"secret": secret}


@route("GET", URL + "/{id}", "WebhookEndpointRetrieveParams")
def retrieve_endpoint(call: Call) -> Json:
    return call.world.find("webhook_endpoint", call.id, "webhook_endpoint")


@route("GET", URL, "WebhookEndpointListParams")
def listed_endpoints(call: Call) -> Json:
    return lists.page(call.world, URL, lists.Query("webhook_endpoint"), call.params)


@route("POST", URL + "/{id}", "WebhookEndpointUpdateParams")
def update(call: Call) -> Json:
    endpoint = call.world.find("webhook_endpoint", call.id, "webhook_endpoint")
    metadata.update(endpoint, call.params, ("url", "enabled_events", "description"))
    if "disabled" in call.params:
        endpoint["status"] = "disabled" if call.params["disabled"] else "enabled"
    return call.world.save(endpoint)


@route("DELETE", URL + "/{id}", "WebhookEndpointDeleteParams")
def delete(call: Call) -> Json:
    call.world.find("webhook_endpoint", call.id, "webhook_endpoint")
    call.world.store.delete(call.id)
    return {"id": call.id, "object": "webhook_endpoint", "deleted": True}
