"""How the Stripe account stands and where its messages go: for the go-live page."""

from __future__ import annotations

import json
import secrets
from typing import Any

import stripe
from django.conf import settings

from fundraise import clock
from fundraise.providers.base import Health, Hook, ProviderError, Sample
from fundraise.providers.models import Account
from fundraise.providers.stripe.client import client_of, our_errors, secret

PAGE = 100
SAMPLE_KIND = "fundraise.test"  # no kind of Stripe's: it is stored, and left


def health(account: Account, kinds: frozenset[str]) -> Health:
    """Ask Stripe about the account of the key, and which addresses it sends messages to."""
    client = client_of(account)
    with our_errors():
        mine: dict[str, Any] = client.v1.accounts.retrieve_current().to_dict(for_json=True)
        listed = client.v1.webhook_endpoints.list({"limit": PAGE})
        hooks = [hook(one.to_dict(for_json=True), kinds) for one in listed.auto_paging_iter()]
    payments = (mine.get("settings") or {}).get("payments") or {}
    return Health(
        account_ref=str(mine["id"]),
        country=str(mine.get("country") or ""),
        takes_charges=bool(mine.get("charges_enabled")),
        pays_out=bool(mine.get("payouts_enabled")),
        statement=str(payments.get("statement_descriptor") or ""),
        has_swish=(mine.get("capabilities") or {}).get("swish_payments") == "active",
        hooks=tuple(hooks),
    )


def hook(endpoint: dict[str, Any], kinds: frozenset[str]) -> Hook:
    """One endpoint in our words."""
    enabled = set(endpoint["enabled_events"])
    return Hook(
        url=str(endpoint["url"]),
        is_enabled=endpoint["status"] == "enabled",
        version_is_ours=endpoint.get("api_version") == settings.STRIPE_API_VERSION,
        missing=() if "*" in enabled else tuple(sorted(kinds - enabled)),
    )


def sample(account: Account) -> Sample:
    """A message of our own, signed as Stripe signs. Raises ProviderError without a secret."""
    key = secret(account, "WEBHOOK_SECRET")
    if not key:
        raise ProviderError("no_webhook_secret", permanent=False)
    event_id = f"evt_golive_{secrets.token_hex(12)}"
    event = {
        "id": event_id,
        "object": "event",
        "type": SAMPLE_KIND,
        "api_version": settings.STRIPE_API_VERSION,
        "livemode": account.livemode,
        "created": int(clock.real_now().timestamp()),
        "data": {"object": {"id": "", "object": "fundraise.sample"}},
    }
    body = json.dumps(event).encode()
    at = int(clock.real_now().timestamp())
    signed = stripe.WebhookSignature._compute_signature(f"{at}.{body.decode()}", key)
    headers = {"Stripe-Signature": f"t={at},v1={signed}", "Content-Type": "application/json"}
    return Sample(event_id, body, headers)
