"""What the control plane can make go wrong with an API call."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import card_intent
from tests.stripe_stand_in import StandInError, StripeStandIn

INTENT: Any = {"amount": 20_000, "currency": "sek"}


def test_the_next_calls_fail_and_then_it_works(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.fault("error", count=2, path="/v1/refunds", status=503)
    intent = card_intent(client)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            client.v1.refunds.create({"payment_intent": intent.id})
        assert caught.value.http_status == 503
    assert client.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"


def test_the_sdk_gets_through_two_errors_with_one_key(stand_in: StripeStandIn) -> None:
    stand_in.fault("error", count=2, method="POST")
    stand_in.client(retries=2).v1.payment_intents.create(INTENT)
    calls = stand_in.calls(method="POST")
    assert [call["status"] for call in calls] == [500, 500, 200]
    assert len({call["idempotency_key"] for call in calls}) == 1


def test_a_lost_answer_after_charging_is_found_with_the_same_key(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.fault("lose", method="POST")
    key: Any = {"idempotency_key": "k1"}
    given: Any = INTENT | {"payment_method": "pm_card_visa", "confirm": True}
    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create(given, key)
    assert len(stand_in.objects("charge")) == 1
    assert client.v1.payment_intents.create(given, key).status == "succeeded"
    assert len(stand_in.objects("charge")) == 1


def test_a_connection_lost_before_anything_happened(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.fault("lose_before", method="POST")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create(INTENT)
    assert stand_in.objects("payment_intent") == []


def test_a_conflict_asked_for(stand_in: StripeStandIn, client: stripe.StripeClient) -> None:
    stand_in.fault("conflict", method="POST")
    with pytest.raises(stripe.APIError) as caught:
        client.v1.payment_intents.create(INTENT)
    assert caught.value.error is not None
    assert caught.value.error.code == "idempotency_key_in_use"


def test_too_many_requests(stand_in: StripeStandIn, client: stripe.StripeClient) -> None:
    stand_in.fault("error", status=429)
    with pytest.raises(stripe.RateLimitError):
        client.v1.payment_intents.create(INTENT)


def test_faults_are_forgotten_when_asked(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.fault("error", count=100)
    stand_in.control("faults/clear")
    assert client.v1.payment_intents.create(INTENT).amount == 20_000


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("faults", {"act": "explode"}),
        ("faults", {"act": "error", "foo": 1}),
        ("knobs", {"unknown": 1}),
        ("knobs", {"card_fee_fixed_ore": "much"}),
        ("events/fault", {"act": "eat"}),
        ("nothing", {}),
        ("refund", {"charge": "ch_unknown"}),
        ("payout", {"until": "never"}),
    ],
)
def test_the_control_plane_refuses_what_it_does_not_know(
    stand_in: StripeStandIn, name: str, given: Any
) -> None:
    before = stand_in.state()
    with pytest.raises(StandInError):
        stand_in.control(name, **given)
    after = stand_in.state()
    assert before | {"now": 0} == after | {"now": 0}


def test_many_gifts_at_once(stand_in: StripeStandIn, client: stripe.StripeClient) -> None:
    items = [{"amount": 10_000 + n, "metadata": {"gift": f"g{n}"}} for n in range(50)]
    made = stand_in.bulk(items, sessions=True)
    assert len(made) == 50
    assert stand_in.objects("event") == []
    session: Any = client.v1.checkout.sessions.retrieve(
        made[7]["session"], {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    assert (session.payment_status, session.amount_total) == ("paid", 10_007)
    assert session.payment_intent.id == made[7]["payment_intent"]
    assert session.payment_intent.latest_charge.balance_transaction.fee == 425
    assert stand_in.state()["timed_acts_soon"] == 0
