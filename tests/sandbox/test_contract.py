"""The contract that Stripe made: an SDK upgrade that removes a parameter turns these red."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from stripe._api_version import _ApiVersion

from fundraise.sandbox.stripe import contract
from fundraise.sandbox.stripe.app import CALLS
from fundraise.sandbox.stripe.config import API_VERSION
from fundraise.sandbox.stripe.routes import all_routes
from fundraise.sandbox.stripe.unsupported import REFUSED
from tests.sandbox.conftest import gift_session

SESSION = "checkout.SessionCreateParams"
INTENT = {"amount": 20_000, "currency": "sek"}


def _kinds(params_class: str, params: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(contract.ContractError) as caught:
        contract.check(params_class, params)
    return [(violation.kind, violation.param) for violation in caught.value.violations]


def test_the_stand_in_speaks_the_version_the_sdk_is_pinned_to() -> None:
    assert _ApiVersion.CURRENT == API_VERSION


def test_every_call_names_a_parameter_class_of_the_sdk() -> None:
    assert CALLS
    routes = all_routes()
    assert len(routes) > 60
    for route in routes:
        assert "expand" in contract.names(route.params) or route.method == "DELETE", route.params
        assert contract._adapter(route.params)


def test_every_refused_parameter_still_exists() -> None:
    for params_class, names in REFUSED.items():
        for name in names:
            assert name in contract.names(params_class), (params_class, name)


def test_a_session_of_the_donation_page_passes() -> None:
    contract.check(SESSION, gift_session())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"foo": "bar"}, ("unknown", "foo")),
        ({"payment_method_types": ["card"]}, ("unknown", "payment_method_types")),
        ({"idempotency_key": "k"}, ("unknown", "idempotency_key")),
        ({"metadata": {"gift": 1}}, ("wrong", "metadata[gift]")),
        ({"expires_at": "soon"}, ("wrong", "expires_at")),
        ({"ui_mode": "embedded"}, ("wrong", "ui_mode")),
        ({"ui_mode": "hosted"}, ("wrong", "ui_mode")),
        ({"ui_mode": "custom"}, ("wrong", "ui_mode")),
        ({"locale": "swe"}, ("wrong", "locale")),
        ({"submit_type": "give"}, ("wrong", "submit_type")),
    ],
)
def test_what_stripe_refuses_of_a_session(
    change: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert _kinds(SESSION, gift_session() | change) == [expected]


def test_a_misspelt_key_inside_price_data_is_named_with_its_path() -> None:
    params = gift_session()
    params["line_items"][0]["price_data"]["unit_amout"] = 1
    assert _kinds(SESSION, params) == [("unknown", "line_items[0][price_data][unit_amout]")]


def test_what_stripe_refuses_of_an_intent() -> None:
    assert _kinds("PaymentIntentCreateParams", {"amount": 100}) == [("missing", "currency")]
    assert _kinds("PaymentIntentCreateParams", INTENT | {"amount": "100"}) == [("wrong", "amount")]
    assert _kinds("PaymentIntentCreateParams", INTENT | {"payment_method_types": ["swish"]}) == [
        ("unknown", "payment_method_types")
    ]


def test_what_stripe_refuses_of_a_refund() -> None:
    assert _kinds("RefundCreateParams", {"reason": "bad"}) == [("wrong", "reason")]
    contract.check("RefundCreateParams", {"payment_intent": "pi_1", "amount": 100})


def test_form_values_get_their_types() -> None:
    found = contract.from_form("EventListParams", {"created": {"gte": "5"}, "limit": "3",
                                                   "delivery_success": "false"})  # fmt: skip
    assert found == {"created": {"gte": 5}, "limit": 3, "delivery_success": False}


def test_free_text_that_may_be_unset_stays_free() -> None:
    contract.check("PaymentIntentUpdateParams", {"description": "Gåva", "metadata": ""})


def test_the_three_names_missing_at_run_time_are_still_the_only_ones() -> None:
    """Every parameter class of the calls we use resolves; a new missing name would raise here."""
    for name in ("PaymentIntentCreateParams", "CustomerCreateParams", SESSION):
        assert contract.names(name)
    assert stripe.VERSION.startswith("16.")
