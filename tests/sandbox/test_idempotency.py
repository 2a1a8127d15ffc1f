"""Idempotency keys behave as Stripe's, traps included."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import gift_session
from tests.stripe_stand_in import StripeStandIn

KEY: Any = {"idempotency_key": "gift-1-try1"}
INTENT: Any = {"amount": 20_000, "currency": "sek"}


def test_the_same_key_gives_the_same_session(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    first = client.v1.checkout.sessions.create(gift_session(), KEY)
    second = client.v1.checkout.sessions.create(gift_session(), KEY)
    assert second.id == first.id
    assert second.last_response is not None
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(stand_in.objects("checkout.session")) == 1


def test_other_parameters_with_the_same_key_are_an_error(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    client.v1.checkout.sessions.create(gift_session(), KEY)
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create(gift_session(30_000), KEY)
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create(INTENT, KEY)
    assert len(stand_in.objects("checkout.session")) == 1
    assert stand_in.objects("payment_intent") == []


def test_a_validation_error_is_not_saved(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create(INTENT | {"amount": 100}, KEY)
    assert client.v1.payment_intents.create(INTENT, KEY).amount == 20_000


def test_a_decline_is_saved_and_charged_once(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    declined = INTENT | {"payment_method": "pm_card_chargeDeclined", "confirm": True}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.create(declined, KEY)
    assert len(stand_in.objects("charge")) == 1


def test_a_saved_500_is_replayed_for_ever(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.fault("error_saved", method="POST")
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            client.v1.payment_intents.create(INTENT, KEY)
        assert caught.value.http_status == 500
    assert stand_in.objects("payment_intent") == []
    assert [call["replayed"] for call in stand_in.calls()] == [False, True]


def test_a_500_after_the_act_hides_an_object_that_a_list_shows(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.fault("error_after", method="POST")
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.payment_intents.create(INTENT | {"metadata": {"gift": "g1"}}, KEY)
    assert len(client.v1.payment_intents.list().data) == 1


def test_the_same_key_at_the_same_moment_is_a_conflict(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.fault("delay", seconds=0.5, method="POST")
    slow = threading.Thread(target=lambda: client.v1.payment_intents.create(INTENT, KEY))
    slow.start()
    while stand_in.state()["faults"]:
        time.sleep(0.01)
    with pytest.raises(stripe.APIError) as caught:
        stand_in.client().v1.payment_intents.create(INTENT, KEY)
    slow.join()
    assert conflict_code(caught.value) == "idempotency_key_in_use"
    assert len(stand_in.objects("payment_intent")) == 1


def conflict_code(problem: stripe.StripeError) -> str | None:
    """Of a 409: the SDK leaves `code` of the exception itself empty."""
    assert (problem.http_status, problem.code) == (409, None)
    return None if problem.error is None else problem.error.code


def test_a_key_is_forgotten_after_a_day(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    first = client.v1.payment_intents.create(INTENT, KEY)
    stand_in.clock(23 * 3600)
    assert client.v1.payment_intents.create(INTENT, KEY).id == first.id
    stand_in.clock(25 * 3600)
    assert client.v1.payment_intents.create(INTENT, KEY).id != first.id


def test_twenty_at_once_with_one_key_make_one_object(stand_in: StripeStandIn) -> None:
    refusals: list[str | None] = []

    def try_it() -> None:
        try:
            stand_in.client().v1.payment_intents.create(INTENT, KEY)
        except stripe.APIError as problem:
            refusals.append(conflict_code(problem))

    threads = [threading.Thread(target=try_it) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stand_in.objects("payment_intent")) == 1
    assert set(refusals) <= {"idempotency_key_in_use"}
