"""What an account says about itself: scopes of a key, the event webhook, what was not bought."""

from __future__ import annotations

from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.errors import ApiError
from fundraise.sandbox.sendgrid.events import KINDS
from fundraise.sandbox.sendgrid.routes import Call, route
from fundraise.sandbox.web import Response, json_response

WEBHOOK_ID = "stand-in"
SCOPES = ("mail.send", "mail.batch", "user.scheduled_sends", "suppression", "asm.groups",
          "user.webhooks.event.settings", "user.webhooks.parse.settings")  # fmt: skip


@route("GET", "/v3/scopes", "")
def scopes(call: Call) -> Response:
    key = call.request.header("Authorization").partition(" ")[2].strip()
    found = call.world.scopes(key) or []
    return json_response({"scopes": list(SCOPES) if "" in found else found})


@route("GET", "/v3/user/webhooks/event/settings/all", "user.webhooks.event.settings.read")
def webhooks(call: Call) -> Response:
    """The one webhook, with every kind of event."""
    shown: Json = {
        "id": WEBHOOK_ID, "enabled": bool(call.world.config.webhook_url),
        "url": call.world.config.webhook_url, "friendly_name": "stand-in",
        "public_key": call.world.signer.public_key, "account_status_change": False,
    }  # fmt: skip
    shown |= {kind.replace("spamreport", "spam_report"): True for kind in KINDS}
    return json_response({"max_allowed": 1, "webhooks": [shown]})


@route("GET", "/v3/user/webhooks/event/settings/signed", "user.webhooks.event.settings.read")
def signed(call: Call) -> Response:
    return json_response({"id": WEBHOOK_ID, "public_key": call.world.signer.public_key})


@route("GET", "/v3/user/webhooks/event/settings/signed/{id}", "user.webhooks.event.settings.read")
def signed_one(call: Call) -> Response:
    if call.path["id"] != WEBHOOK_ID:
        raise ApiError(404, "not found")
    return signed(call)


@route("GET", "/v3/user/webhooks/parse/settings", "user.webhooks.parse.settings.read")
def parse(call: Call) -> Response:
    url = call.world.config.parse_url
    shown = {"url": url, "hostname": "", "spam_check": False, "send_raw": True}
    return json_response({"result": [shown] if url else []})


@route("GET", "/v3/messages", "messages.read")
def messages(call: Call) -> Response:
    """Email Activity is an add-on that costs; this account has not bought it."""
    raise ApiError(403, "access forbidden")
