"""What we ask of Stripe, held against the SDK's own types: an upgrade shows its changes here."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from fundraise.providers.base import RefundRequest, StartRequest
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
