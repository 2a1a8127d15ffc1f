"""Checkout Sessions through the real SDK and the hosted page."""

from __future__ import annotations

import time
from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import CANCEL_URL, gift_session
from tests.stripe_stand_in import (
    CARD_3DS,
    CARD_DECLINED,
    CARD_DECLINES_WHEN_CHARGED,
    CARD_NO_FUNDS,
    StripeStandIn,
)

EXPANDED: Any = {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}


def _create(client: stripe.StripeClient, amount: int = 20_000, **changes: Any) -> Any:
    return client.v1.checkout.sessions.create(gift_session(amount, **changes))


def _refused(client: stripe.StripeClient, **changes: Any) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        _create(client, **changes)
    assert client.v1.checkout.sessions.list().data == []
    return caught.value


def test_a_new_session_is_open_and_has_no_intent_yet(client: stripe.StripeClient) -> None:
    session = _create(client)
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert (session.amount_total, session.currency) == (20_000, "sek")
    assert session.payment_intent is None
    assert session.payment_method_types == ["card", "swish"]
    assert session.url.endswith(f"/c/pay/{session.id}")
    assert not hasattr(session, "line_items")


def test_a_card_gift_settles_and_its_fee_comes_later(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.knobs(fee_delay_seconds=60.0)
    session = _create(client)
    assert stand_in.pay(session.url) == f"http://localhost:9/tack?s={session.id}"
    paid = client.v1.checkout.sessions.retrieve(session.id, EXPANDED)
    charge: Any = paid.payment_intent.latest_charge  # type: ignore[union-attr]
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert charge.balance_transaction is None
    stand_in.wait()
    line: Any = client.v1.charges.retrieve(charge.id, {"expand": ["balance_transaction"]})
    # 1.5 % of 200 kr and 2.75 kr
    assert (line.balance_transaction.fee, line.balance_transaction.net) == (575, 19_425)
    assert line.balance_transaction.fee_details[0].type == "stripe_fee"


def test_latest_charge_is_an_id_unless_expanded(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = _create(client)
    stand_in.pay(session.url)
    intent_id: Any = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    intent = client.v1.payment_intents.retrieve(intent_id)
    assert isinstance(intent.latest_charge, str)
    assert intent.latest_charge.startswith("ch_")
    assert intent.metadata["gift"] == "g1"
    assert intent.description == "Gåva g1"


def test_a_swish_gift_is_a_payment_not_a_charge(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = _create(client, 50_000)
    assert stand_in.swish(session.url) == f"http://localhost:9/tack?s={session.id}"
    stand_in.wait()
    paid: Any = client.v1.checkout.sessions.retrieve(session.id, EXPANDED)
    charge = paid.payment_intent.latest_charge
    assert charge.id.startswith("py_")
    assert charge.payment_method_details.type == "swish"
    # 1 % of 500 kr and 1 kr
    assert (charge.balance_transaction.type, charge.balance_transaction.fee) == ("payment", 600)
    assert charge.balance_transaction.reporting_category == "charge"


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ("refuse", "payment_intent_payment_attempt_failed"),
        ("timeout", "payment_intent_payment_attempt_expired"),
    ],
)
def test_swish_not_approved_leads_back_to_the_page_and_may_be_tried_again(
    stand_in: StripeStandIn, client: stripe.StripeClient, decision: str, code: str
) -> None:
    session = _create(client)
    assert stand_in.swish(session.url, decision) == session.url
    open_: Any = client.v1.checkout.sessions.retrieve(session.id, EXPANDED)
    assert open_.status == "open"
    assert open_.payment_intent.last_payment_error.code == code
    stand_in.swish(session.url)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_swish_times_out_by_the_clock(stand_in: StripeStandIn, client: stripe.StripeClient) -> None:
    session = _create(client)
    stand_in.start_swish(session.url)
    stand_in.clock(181)
    open_: Any = client.v1.checkout.sessions.retrieve(session.id, EXPANDED)
    assert open_.payment_intent.status == "requires_payment_method"
    assert open_.payment_intent.last_payment_error.code == "payment_intent_payment_attempt_expired"


def test_approved_in_swish_without_coming_back_is_paid_all_the_same(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = _create(client)
    where = stand_in.swish(session.url, "elsewhere")
    assert "/swish/" in where
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.parametrize(
    ("card", "decline_code"),
    [
        (CARD_DECLINED, "generic_decline"),
        (CARD_NO_FUNDS, "insufficient_funds"),
        (CARD_DECLINES_WHEN_CHARGED, "generic_decline"),
    ],
)
def test_a_declined_card_may_be_tried_again_on_the_same_intent(
    stand_in: StripeStandIn, client: stripe.StripeClient, card: str, decline_code: str
) -> None:
    session = _create(client)
    assert stand_in.pay(session.url, card) == session.url
    first: Any = client.v1.checkout.sessions.retrieve(session.id, EXPANDED)
    assert first.payment_intent.last_payment_error.decline_code == decline_code
    assert first.payment_intent.latest_charge.status == "failed"
    stand_in.pay(session.url)
    second: Any = client.v1.checkout.sessions.retrieve(session.id, EXPANDED)
    assert second.payment_intent.id == first.payment_intent.id
    assert second.payment_intent.last_payment_error is None
    assert len(stand_in.objects("charge")) == 2


def test_three_d_secure_refused_and_then_approved(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = _create(client)
    assert stand_in.pay(session.url, CARD_3DS, approve=False) == session.url
    assert stand_in.pay(session.url, CARD_3DS).startswith("http://localhost:9/tack")
    paid: Any = client.v1.checkout.sessions.retrieve(session.id, EXPANDED)
    card = paid.payment_intent.latest_charge.payment_method_details.card
    assert card.three_d_secure.result == "authenticated"


def test_a_paid_session_cannot_be_paid_again(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = _create(client)
    stand_in.pay(session.url)
    assert stand_in.pay(session.url).startswith("http://localhost:9/tack")
    assert len(stand_in.objects("charge")) == 1


def test_expiring_a_session_cancels_its_intent(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = _create(client)
    stand_in.pay(session.url, CARD_DECLINED)
    expired = client.v1.checkout.sessions.expire(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    intent: Any = client.v1.payment_intents.retrieve(str(expired.payment_intent))
    assert intent.status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)
    stand_in.pay(session.url)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"


def test_a_session_expires_by_the_clock(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = _create(client, expires_at=int(time.time()) + 31 * 60)  # noqa: TID251
    stand_in.clock(32 * 60)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert [e["type"] for e in stand_in.events("checkout")] == ["checkout.session.expired"]


def test_line_items_and_reference(client: stripe.StripeClient) -> None:
    session = _create(client)
    lines = client.v1.checkout.sessions.line_items.list(session.id)
    assert [(line.description, line.amount_total) for line in lines.data] == [("Gåva", 20_000)]
    assert session.client_reference_id == "gift-1"
    assert session.cancel_url == CANCEL_URL


def test_a_price_of_the_catalogue(client: stripe.StripeClient) -> None:
    price = client.v1.prices.create(
        {"currency": "sek", "unit_amount": 25_000, "product_data": {"name": "Gåva 250"}}
    )
    session = _create(client, line_items=[{"price": price.id, "quantity": 2}])
    assert session.amount_total == 50_000
    with pytest.raises(stripe.InvalidRequestError) as caught:
        _create(client, line_items=[{"price": "price_none", "quantity": 1}])
    assert caught.value.code == "resource_missing"


def test_a_session_is_found_by_its_intent(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = _create(client)
    _create(client)
    stand_in.pay(session.url)
    intent: Any = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    found = client.v1.checkout.sessions.list({"payment_intent": intent})
    assert [s.id for s in found.data] == [session.id]


@pytest.mark.parametrize("ui_mode", ["embedded", "hosted", "custom"])
def test_ui_modes_from_before_2026_are_refused(client: stripe.StripeClient, ui_mode: str) -> None:
    assert _refused(client, ui_mode=ui_mode).param == "ui_mode"


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"amount": 299}, "amount_too_small", "line_items"),
        ({"amount": 100_000_000}, "amount_too_large", "line_items"),
        ({"expires_at": 1}, None, "expires_at"),
        ({"success_url": "tack"}, "url_invalid", "success_url"),
        ({"customer_email": "anna"}, "email_invalid", "customer_email"),
        ({"client_reference_id": "x" * 201}, None, "client_reference_id"),
        ({"metadata": {"x" * 41: "y"}}, None, "metadata"),
        ({"mode": "subscription"}, None, "mode"),
        ({"payment_intent_data": {"capture_method": "manual"}}, None, "capture_method"),
        ({"payment_intent_data": {"statement_descriptor_suffix": "<x>"}}, None,
         "payment_intent_data[statement_descriptor_suffix]"),
    ],
)  # fmt: skip
def test_what_a_session_is_refused_for(
    client: stripe.StripeClient, changes: Any, code: str | None, param: str
) -> None:
    problem = _refused(client, **changes)
    assert (problem.code, problem.param) == (code, param)


def test_payment_method_types_can_be_narrowed(client: stripe.StripeClient) -> None:
    only_swish = _create(client, allowed_payment_method_types=["swish"])
    no_swish = _create(client, excluded_payment_method_types=["swish"])
    saved = _create(client, payment_intent_data={"setup_future_usage": "off_session"})
    assert only_swish.payment_method_types == ["swish"]
    assert no_swish.payment_method_types == ["card"]
    assert saved.payment_method_types == ["card"]


def test_a_first_gift_that_saves_its_card_makes_a_customer_at_its_success(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = _create(
        client,
        customer_creation="always",
        payment_intent_data={"setup_future_usage": "off_session"},
    )
    assert (session.customer, session.payment_method_types) == (None, ["card"])
    stand_in.pay(session.url, CARD_DECLINED)
    assert stand_in.objects("customer") == []
    stand_in.pay(session.url, CARD_3DS)
    paid: Any = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.payment_method"]}
    )
    method = paid.payment_intent.payment_method
    assert paid.customer == paid.payment_intent.customer == method.customer
    assert client.v1.customers.retrieve(paid.customer).email == "anna@example.org"
    later = client.v1.payment_intents.create(
        {"amount": 20_000, "currency": "sek", "customer": paid.customer, "confirm": True,
         "payment_method": method.id, "off_session": True,
         "payment_method_options": {"card": {"stored_credential_usage": "recurring"}}}
    )  # fmt: skip
    assert later.status == "succeeded"


def test_setup_mode_saves_a_card_for_later(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({"email": "anna@example.org"})
    session = client.v1.checkout.sessions.create(
        {"mode": "setup", "currency": "sek", "customer": customer.id,
         "success_url": "http://localhost:9/tack"}
    )  # fmt: skip
    stand_in.pay(str(session.url), CARD_3DS)
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    intent: Any = done.setup_intent
    assert (done.status, intent.status) == ("complete", "succeeded")
    charged = client.v1.payment_intents.create(
        {"amount": 10_000, "currency": "sek", "customer": customer.id, "off_session": True,
         "payment_method": intent.payment_method, "confirm": True}
    )  # fmt: skip
    assert charged.status == "succeeded"
