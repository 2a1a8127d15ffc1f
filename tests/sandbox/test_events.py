"""Events: signed, whole, and twice, late, shuffled or lost when asked."""

from __future__ import annotations

from typing import Any

import stripe

from tests.sandbox.conftest import Endpoint, card_intent, gift_session
from tests.stripe_stand_in import StripeStandIn

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def _pay(stand_in: StripeStandIn, client: stripe.StripeClient) -> Any:
    session = client.v1.checkout.sessions.create(gift_session())
    stand_in.pay(str(session.url))
    return session


def test_a_gift_tells_its_story_to_the_endpoint(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    session = _pay(stand_in, client)
    stand_in.wait()
    assert sorted(endpoint.types) == sorted([*PAID, "checkout.session.completed", "charge.updated"])
    completed = next(e for e in endpoint.events if e.type == "checkout.session.completed")
    assert completed.data.object["id"] == session.id
    assert (completed.livemode, completed.api_version) == (False, "2026-10-28.endive")
    assert not hasattr(completed, "account")


def test_the_fee_comes_with_charge_updated(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    card_intent(client)
    stand_in.wait()
    succeeded, updated = stand_in.events("charge.")
    assert succeeded["data"]["object"]["balance_transaction"] is None
    assert updated["data"]["object"]["balance_transaction"].startswith("txn_")
    assert updated["data"]["previous_attributes"] == {"balance_transaction": None}


def test_an_event_names_the_call_it_came_from(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    made = client.v1.payment_intents.create(
        {"amount": 20_000, "currency": "sek"}, {"idempotency_key": "k9"}
    )
    request = stand_in.events("payment_intent.created")[0]["request"]
    assert made.last_response is not None
    assert request == {"id": made.last_response.request_id, "idempotency_key": "k9"}
    _pay(stand_in, client)
    assert stand_in.events("checkout")[0]["request"] == {"id": None, "idempotency_key": None}


def test_an_event_is_a_snapshot(stand_in: StripeStandIn, client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create({"amount": 20_000, "currency": "sek"})
    client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    event = client.v1.events.retrieve(stand_in.events("payment_intent.created")[0]["id"])
    assert event.data.object["status"] == "requires_payment_method"


def test_an_event_twice(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    stand_in.event_fault("duplicate", type="payment_intent.succeeded", times=3)
    card_intent(client)
    stand_in.wait()
    twins = [e.id for e in endpoint.events if e.type == "payment_intent.succeeded"]
    assert len(twins) == 3
    assert len(set(twins)) == 1


def test_an_event_that_never_comes_is_found_by_asking(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    stand_in.event_fault("drop", type="charge.*")
    card_intent(client)
    stand_in.wait()
    assert "charge.succeeded" not in endpoint.types
    missed = client.v1.events.list({"delivery_success": False}).data
    assert [e.type for e in missed] == ["charge.succeeded"]
    assert stand_in.replay(ids=[missed[0].id]) == 1
    stand_in.wait()
    assert endpoint.types.count("charge.succeeded") == 1


def test_a_dropped_event_may_count_as_delivered(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    stand_in.event_fault("drop", type="charge.succeeded", as_delivered=True)
    card_intent(client)
    stand_in.wait()
    assert "charge.succeeded" not in endpoint.types
    assert client.v1.events.list({"delivery_success": False}).data == []


def test_a_late_event(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    stand_in.event_fault("delay", type="payment_intent.created", seconds=0.6)
    card_intent(client)
    stand_in.wait()
    assert endpoint.types[-1] == "payment_intent.created"


def test_held_events_come_shuffled_the_same_way_for_a_seed(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    orders = []
    for _ in range(2):
        endpoint.events.clear()
        stand_in.pause_events()
        _pay(stand_in, client)
        stand_in.wait()
        assert endpoint.events == []
        assert stand_in.release_events(seed=7, wait=True)["released"] == 5
        orders.append(endpoint.types)
    assert orders[0] == orders[1]
    assert orders[0] != [*PAID, "checkout.session.completed", "charge.updated"]


def test_held_events_come_in_the_order_asked_for(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    stand_in.pause_events()
    card_intent(client)
    ids = {e["type"]: e["id"] for e in stand_in.events()}
    order = ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]
    stand_in.wait()
    endpoint.events.clear()  # what was told again of an earlier test's intents
    answer = stand_in.release_events(order=[ids[name] for name in order])
    assert endpoint.types == order
    assert [a["answer"] for a in answer["answers"]] == ["200"] * 3


def test_the_same_event_twice_at_the_same_moment(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    card_intent(client)
    stand_in.wait()
    endpoint.events.clear()
    event = stand_in.events("payment_intent.succeeded")[0]["id"]
    assert stand_in.deliver(event, times=5, parallel=True) == ["200"] * 5
    assert [e.id for e in endpoint.events] == [event] * 5


def test_all_since_an_instant_again(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    card_intent(client)
    stand_in.wait()
    endpoint.events.clear()
    assert stand_in.replay(since=0) == 4
    stand_in.wait()
    assert len(endpoint.events) == 4


def test_a_failing_endpoint_is_tried_three_times(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    stand_in.knobs(retry_delays_seconds=[0.05, 0.05])
    endpoint.status = 500
    client.v1.payment_intents.create({"amount": 20_000, "currency": "sek"})
    stand_in.wait()
    assert endpoint.types == ["payment_intent.created"] * 3
    delivery = stand_in.deliveries()[0]
    assert (delivery["state"], delivery["attempts"], delivery["answer"]) == ("failed", 3, "500")
    assert len(client.v1.events.list({"delivery_success": False}).data) == 1


def test_made_up_events(stand_in: StripeStandIn, endpoint: Endpoint) -> None:
    stand_in.send_event("payment_intent.succeeded", {"id": "pi_x", "object": "payment_intent"},
                        livemode=True, api_version="2020-08-27", account="acct_other")  # fmt: skip
    stand_in.send_event("brand.new_thing")
    stand_in.wait()
    odd = next(e for e in endpoint.events if e.type == "payment_intent.succeeded")
    assert (odd.livemode, odd.api_version, odd.account) == (True, "2020-08-27", "acct_other")
    assert "brand.new_thing" in endpoint.types


def test_events_are_listed_by_type_and_time(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    card_intent(client)
    stand_in.clock(3600)
    second = card_intent(client)
    later: Any = {"created": {"gte": stand_in.state()["now"] - 60}, "type": "payment_intent.*"}
    found = list(client.v1.events.list(later).auto_paging_iter())
    assert {e.data.object["id"] for e in found} == {second.id}
    types: Any = {"types": ["charge.succeeded", "payment_intent.created"]}
    assert len(client.v1.events.list(types).data) == 4


def test_a_second_endpoint_gets_what_it_asked_for(
    stand_in: StripeStandIn, client: stripe.StripeClient, endpoint: Endpoint
) -> None:
    created = client.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1:9/closed", "enabled_events": ["payment_intent.succeeded"]}
    )
    assert str(created.secret).startswith("whsec_")
    assert not hasattr(client.v1.webhook_endpoints.retrieve(created.id), "secret")
    stand_in.knobs(retry_delays_seconds=[])
    card_intent(client)
    stand_in.wait()
    other = [d for d in stand_in.deliveries() if d["endpoint"] == created.id]
    assert [(d["type"], d["state"]) for d in other] == [("payment_intent.succeeded", "failed")]
    assert len(endpoint.events) == 4
