"""Verify Stripe's messages on their raw bytes. Nothing in the request chooses the secret."""

from __future__ import annotations

import json
from collections.abc import Mapping

import stripe
from django.conf import settings

from fundraise.providers.base import BadSignature, Incoming, WrongEnvironment
from fundraise.providers.models import Account
from fundraise.providers.stripe.client import secret

TOLERANCE_SECONDS = 300


def parse(account: Account, body: bytes, headers: Mapping[str, str]) -> Incoming:
    """The event's id, type and object.

    Raises BadSignature (also when it is older than five minutes), WrongEnvironment for another
    mode, version or account, ValueError for a body that is no event.
    """
    _check_signature(account, body, headers.get("Stripe-Signature", ""))
    event = json.loads(body)
    if not isinstance(event, dict) or event.get("object") != "event":
        raise ValueError("not an event")
    if event.get("livemode") is not account.livemode or account.livemode != settings.LIVE:
        raise WrongEnvironment("livemode")
    if event.get("api_version") != settings.STRIPE_API_VERSION:
        raise WrongEnvironment("api_version")
    if event.get("account") not in {None, account.external_id}:
        raise WrongEnvironment("account")
    return incoming(event)


def incoming(event: dict[str, object]) -> Incoming:
    """An event of Stripe's in our words. Raises ValueError when it lacks what every event has."""
    try:
        data = event["data"]
        obj = data["object"]  # type: ignore[index]
        return Incoming(
            str(event["id"])[:120], str(event["type"])[:80], str(obj.get("id", ""))[:120]
        )
    except (KeyError, TypeError, AttributeError):
        raise ValueError("an event without id, type or object") from None


def _check_signature(account: Account, body: bytes, header: str) -> None:
    key = secret(account, "WEBHOOK_SECRET")
    if not key:
        raise BadSignature
    try:
        stripe.WebhookSignature.verify_header(
            body.decode("utf-8"), header, key, tolerance=TOLERANCE_SECONDS
        )
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        raise BadSignature from None
