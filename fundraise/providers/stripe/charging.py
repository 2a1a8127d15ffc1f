"""Draws on saved cards, and the pages where one is saved: the calls."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import stripe

from fundraise.providers.base import ChargeRequest, PageRequest, ProviderError, StartedAttempt
from fundraise.providers.facts import DrawSeen, Fact
from fundraise.providers.models import Account
from fundraise.providers.stripe import cards, declines, requests, translate
from fundraise.providers.stripe.client import client_of, our_errors
from fundraise.providers.stripe.reading import at, our_ref, ref_of

PAGE = 100
GONE = {"payment_method_unexpected_state", "resource_missing"}
OVER = {"succeeded", "canceled"}


def open_page(account: Account, request: PageRequest) -> StartedAttempt:
    """A Checkout Session about a saved card."""
    with our_errors():
        session = client_of(account).v1.checkout.sessions.create(
            requests.card_page(request),  # type: ignore[arg-type]
            {"idempotency_key": request.key},
        )
    obj = session.to_dict(for_json=True)
    return StartedAttempt(
        session_ref=obj["id"],
        intent_ref=ref_of(obj.get("payment_intent")),
        url=obj.get("url") or "",
        expires_at=at(obj["expires_at"]),
    )


def charge(account: Account, request: ChargeRequest) -> list[Fact]:
    """One PaymentIntent without the card's owner; a decline is a fact."""
    try:
        with our_errors():
            made = _create(client_of(account), request)
    except ProviderError as error:
        if error.code not in GONE:
            raise
        # Customer or card is not there any more: nothing can be drawn on it.
        return [DrawSeen(request.collection_ref, "", "failed", error.code, declines.HARD)]
    return translate.intent_money(made)


def _create(client: stripe.StripeClient, request: ChargeRequest) -> dict[str, Any]:
    try:
        made = client.v1.payment_intents.create(
            requests.charge(request),  # type: ignore[arg-type]
            {"idempotency_key": request.key},
        )
    except stripe.CardError as error:
        told: Any = error.json_body
        found: dict[str, Any] | None = told.get("error", {}).get("payment_intent")
        if found is None:
            raise
        return found
    return made.to_dict(for_json=True)


def find_charge(account: Account, request: ChargeRequest, *, end: bool) -> list[Fact]:
    """Our draw among those of its customer, the newest first; search lags, a list does not."""
    client = client_of(account)
    with our_errors():
        listed = client.v1.payment_intents.list(
            {
                "customer": request.customer_ref,
                "limit": PAGE,
                "expand": [f"data.{field}" for field in requests.INTENT_EXPAND],
            }
        )
        for one in listed.auto_paging_iter():
            intent = one.to_dict(for_json=True)
            if _is_ours(intent, request):
                return translate.intent_money(_ended(client, intent) if end else intent)
    return []


def _is_ours(intent: dict[str, Any], request: ChargeRequest) -> bool:
    """The draw itself, not a page where its owner pays it."""
    mine = our_ref(intent, "collection") == request.collection_ref
    return mine and our_ref(intent, "page") is None


def _ended(client: stripe.StripeClient, intent: dict[str, Any]) -> dict[str, Any]:
    """Cancelled where it still could be paid; what it is then, Stripe tells."""
    if intent["status"] in OVER:
        return intent
    with suppress(stripe.InvalidRequestError):  # it was paid or cancelled a moment ago
        client.v1.payment_intents.cancel(intent["id"])
    again = client.v1.payment_intents.retrieve(intent["id"], {"expand": requests.INTENT_EXPAND})
    return again.to_dict(for_json=True)


def forget_payer(account: Account, customer_ref: str) -> None:
    """The customer, with name, address and every card; payments and refunds stay."""
    try:
        with our_errors():
            client_of(account).v1.customers.delete(customer_ref)
    except ProviderError as error:
        if error.code != "resource_missing":  # it was deleted before
            raise


def changed_card(client: stripe.StripeClient, ref: str, _kind: str) -> list[Fact]:
    """A saved card as Stripe has it now."""
    return cards.changed(client.v1.payment_methods.retrieve(ref).to_dict(for_json=True))


def refused_card(client: stripe.StripeClient, ref: str, _kind: str) -> list[Fact]:
    """A card that was refused where a new one is saved."""
    setup = client.v1.setup_intents.retrieve(ref).to_dict(for_json=True)
    return cards.setup_failed(setup, translate.FRAUD_CODES)
