"""Answers and events hold no key that Stripe's own classes do not know, and miss none."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.conformity import missing_keys, unknown_keys
from tests.sandbox.conftest import card_intent, gift_session
from tests.stripe_stand_in import CARD_DECLINED, StripeStandIn

KINDS = (
    "balance_transaction", "charge", "checkout.session", "customer", "dispute", "event",
    "payment_intent", "payment_method", "payout", "price", "product",
    "radar.early_fraud_warning", "refund", "setup_intent", "webhook_endpoint",
)  # fmt: skip


@pytest.fixture
def everything(stand_in: StripeStandIn, client: stripe.StripeClient) -> StripeStandIn:
    """At least one object of every kind, in several states."""
    sessions = client.v1.checkout.sessions
    card = sessions.create(gift_session())
    stand_in.pay(str(card.url), CARD_DECLINED)
    stand_in.pay(str(card.url))
    stand_in.swish(str(sessions.create(gift_session()).url))
    embedded: Any = gift_session(ui_mode="embedded_page", return_url="https://example.org/")
    del embedded["success_url"], embedded["cancel_url"]
    sessions.create(embedded)
    customer = client.v1.customers.create({"email": "anna@example.org"})
    client.v1.setup_intents.create(
        {"customer": customer.id, "payment_method": "pm_card_visa", "confirm": True}
    )
    product = client.v1.products.create({"name": "Gåva"})
    client.v1.prices.create({"currency": "sek", "unit_amount": 10_000, "product": product.id})
    client.v1.webhook_endpoints.create({"url": "https://example.org/", "enabled_events": ["*"]})
    intent = card_intent(client)
    stand_in.refund(payment_intent=intent.id, amount=1_000)
    stand_in.fraud_warning(payment_intent=intent.id)
    stand_in.open_dispute(payment_intent=intent.id)
    failed = stand_in.refund(payment_intent=card_intent(client).id)
    stand_in.fail_refund(failed["id"])
    stand_in.fail_payout(stand_in.payout()["id"])
    return stand_in


def test_every_object_is_as_the_sdk_declares_it(everything: StripeStandIn) -> None:
    for kind in KINDS:
        found: list[dict[str, Any]] = everything.objects(kind)
        assert found, kind
        assert {key for obj in found for key in unknown_keys(obj)} == set(), kind
        assert {key for obj in found for key in missing_keys(obj)} == set(), kind


def test_the_balance_is_as_the_sdk_declares_it(client: stripe.StripeClient) -> None:
    balance = client.v1.balance.retrieve().to_dict(for_json=True)
    assert unknown_keys(balance) == []
    assert missing_keys(balance) == []


def test_the_account_is_known(client: stripe.StripeClient) -> None:
    account = client.v1.accounts.retrieve_current()
    assert (account.country, account.default_currency) == ("SE", "sek")
    assert unknown_keys(account.to_dict(for_json=True)) == []


def test_every_event_type_is_one_of_stripes(everything: StripeStandIn) -> None:
    types = {event["type"] for event in everything.objects("event")}
    known = stripe.Event.__annotations__["type"]
    assert types
    assert {name for name in types if f"'{name}'" not in str(known)} == set()
