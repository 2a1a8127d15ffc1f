"""What we ask of Stripe, held against the SDK's own types: an upgrade shows its changes here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from fundraise.providers.base import ChargeRequest, PageRequest, RefundRequest, StartRequest
from fundraise.providers.stripe import requests
from fundraise.sandbox.stripe import contract

REF = UUID(int=7)
START = StartRequest(
    key=f"gift-{REF}-1",
    gift_ref=REF,
    attempt=1,
    amount_ore=200_00,
    language="sv",
    email="bjorn@example.org",
    title="Två miljoner till valet",
    statement_suffix="",
    return_url="https://ge.example/gava/x/",
    cancel_url="https://ge.example/gava/x/?avbruten=1",
    expires_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
)
REFUND = RefundRequest(
    key=f"refund-{REF}",
    refund_ref=REF,
    gift_ref=REF,
    charge_ref="ch_1",
    amount_ore=50_00,
    asked_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
)

CHARGE = ChargeRequest(
    key=f"collection-{REF}",
    collection_ref=REF,
    pledge_ref=UUID(int=8),
    amount_ore=200_00,
    customer_ref="cus_1",
    method_ref="pm_1",
)
NEW_CARD = PageRequest(
    key=f"card-{REF}",
    page_ref=REF,
    pledge_ref=UUID(int=8),
    collection_ref=None,
    customer_ref="cus_1",
    amount_ore=0,
    language="en",
    title="",
    return_url="https://ge.example/kort/x/",
    cancel_url="https://ge.example/kort/x/",
    expires_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
)
CONFIRM = replace(NEW_CARD, collection_ref=UUID(int=9), amount_ore=200_00, title="Månadsgåva")


def test_the_session_is_what_the_sdk_knows() -> None:
    contract.check("checkout.SessionCreateParams", requests.checkout_session(START))


def test_the_refund_is_what_the_sdk_knows() -> None:
    contract.check("RefundCreateParams", requests.refund(REFUND))


@pytest.mark.parametrize("gone", ["payment_method_types", "no_such_parameter"])
def test_the_contract_notices_what_stripe_has_removed(gone: str) -> None:
    params = {**requests.checkout_session(START), gone: ["card"]}
    with pytest.raises(Exception, match=gone):
        contract.check("checkout.SessionCreateParams", params)


def test_metadata_and_session_hold_no_name() -> None:
    session = requests.checkout_session(START)
    assert session["metadata"] == {"gift": str(REF), "attempt": "1"}
    assert session["payment_intent_data"]["metadata"] == session["metadata"]
    assert session["submit_type"] == "donate"
    assert session["ui_mode"] == "hosted_page"
    assert session["line_items"][0]["price_data"]["unit_amount"] == 200_00


@pytest.mark.parametrize(
    ("params_class", "asked"),
    [
        (
            "checkout.SessionCreateParams",
            requests.checkout_session(replace(START, pledge_ref=UUID(int=8))),
        ),
        ("checkout.SessionCreateParams", requests.card_page(NEW_CARD)),
        ("checkout.SessionCreateParams", requests.card_page(CONFIRM)),
        ("PaymentIntentCreateParams", requests.charge(CHARGE)),
    ],
)
def test_what_is_asked_about_saved_cards_is_what_the_sdk_knows(
    params_class: str, asked: dict[str, object]
) -> None:
    contract.check(params_class, asked)


def test_a_first_monthly_gift_saves_its_card_and_names_its_pledge() -> None:
    session = requests.checkout_session(replace(START, pledge_ref=UUID(int=8)))
    assert session["customer_creation"] == "always"
    assert session["payment_intent_data"]["setup_future_usage"] == "off_session"
    assert session["payment_intent_data"]["metadata"]["pledge"] == str(UUID(int=8))
    assert session["metadata"]["pledge"] == str(UUID(int=8))
    once = requests.checkout_session(START)
    assert "customer_creation" not in once
    assert "setup_future_usage" not in once["payment_intent_data"]


def test_a_draw_says_that_it_recurs_and_names_refs_alone() -> None:
    draw = requests.charge(CHARGE)
    assert (draw["off_session"], draw["confirm"]) == (True, True)
    assert draw["payment_method_options"]["card"]["stored_credential_usage"] == "recurring"
    assert draw["metadata"] == {"collection": str(REF), "pledge": str(UUID(int=8))}


def test_a_page_for_a_new_card_takes_no_money_and_one_for_a_draw_saves_its_card() -> None:
    new, confirm = requests.card_page(NEW_CARD), requests.card_page(CONFIRM)
    assert (new["mode"], new["currency"], "line_items" in new) == ("setup", "sek", False)
    assert new["setup_intent_data"]["metadata"] == new["metadata"]
    assert confirm["mode"] == "payment"
    assert confirm["line_items"][0]["price_data"]["unit_amount"] == 200_00
    assert confirm["payment_intent_data"] == {
        "metadata": {**new["metadata"], "collection": str(UUID(int=9))},
        "setup_future_usage": "off_session",
    }
