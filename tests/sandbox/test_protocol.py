"""Authentication, errors, headers and lists."""

from __future__ import annotations

import base64
import http.client
import json
from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import card_intent
from tests.stripe_stand_in import API_KEY, StripeStandIn

INTENT: Any = {"amount": 20_000, "currency": "sek"}


def _raw(
    stand_in: StripeStandIn, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, Any, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", stand_in.port, timeout=10)
    sent = {"Authorization": f"Bearer {API_KEY}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read()), dict(answer.headers)
    connection.close()
    return found


def test_a_wrong_key_is_refused(stand_in: StripeStandIn) -> None:
    with pytest.raises(stripe.AuthenticationError):
        stand_in.client(api_key="sk_test_other").v1.balance.retrieve()


def test_no_key_is_refused(stand_in: StripeStandIn) -> None:
    status, body, _ = _raw(stand_in, "GET", "/v1/balance", Authorization="")
    assert (status, body["error"]["type"]) == (401, "invalid_request_error")


def test_basic_authentication_works(stand_in: StripeStandIn) -> None:
    basic = base64.b64encode(f"{API_KEY}:".encode()).decode()
    status, _, _ = _raw(stand_in, "GET", "/v1/balance", Authorization=f"Basic {basic}")
    assert status == 200


def test_another_account_is_forbidden(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.PermissionError):
        client.v1.balance.retrieve(options={"stripe_account": "acct_other"})


def test_headers_tell_request_and_version(client: stripe.StripeClient) -> None:
    response = client.v1.balance.retrieve().last_response
    assert response is not None
    assert str(response.request_id).startswith("req_")
    assert response.headers["Stripe-Version"] == "2026-10-28.endive"


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        (INTENT | {"foo": "bar"}, "parameter_unknown", "foo"),
        ({"currency": "sek"}, "parameter_missing", "amount"),
        (INTENT | {"amount": "many"}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": 100}, "amount_too_small", "amount"),
        (INTENT | {"amount": 0}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": 10**12}, "amount_too_large", "amount"),
        (INTENT | {"currency": "eur"}, None, "currency"),
        (INTENT | {"customer": "cus_none"}, "resource_missing", "customer"),
        (INTENT | {"confirmation_token": "ct_1"}, None, "confirmation_token"),
    ],
)
def test_a_bad_request_says_what_and_where(
    client: stripe.StripeClient, params: Any, code: str | None, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create(params)
    assert (caught.value.code, caught.value.param) == (code, param)
    assert client.v1.payment_intents.list().data == []


def test_an_unknown_id_is_missing(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.retrieve("pi_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    assert caught.value.user_message == "No such payment_intent: 'pi_none'"


def test_an_unknown_url(stand_in: StripeStandIn) -> None:
    status, body, _ = _raw(stand_in, "GET", "/v1/subscriptions")
    assert status == 404
    assert body["error"]["message"] == "Unrecognized request URL (GET: /v1/subscriptions)."


def test_old_parameters_pass_without_a_version(stand_in: StripeStandIn) -> None:
    """Stripe's own CLI sends them so."""
    body = "amount=2000&currency=sek&payment_method_types[]=card"
    assert _raw(stand_in, "POST", "/v1/payment_intents", body)[0] == 200
    with_version = _raw(stand_in, "POST", "/v1/payment_intents", body,
                        Stripe_Version="2026-10-28.endive")  # fmt: skip
    assert with_version[1]["error"]["code"] == "parameter_unknown"


def test_pages_of_a_list(stand_in: StripeStandIn, client: stripe.StripeClient) -> None:
    made = [item["payment_intent"] for item in stand_in.bulk([{"amount": 10_000}] * 7)]
    newest_first = made[::-1]
    intents = client.v1.payment_intents
    first = intents.list({"limit": 3})
    assert ([i.id for i in first.data], first.has_more) == (newest_first[:3], True)
    after = intents.list({"limit": 3, "starting_after": newest_first[2]})
    assert [i.id for i in after.data] == newest_first[3:6]
    before = intents.list({"limit": 2, "ending_before": newest_first[5]})
    assert [i.id for i in before.data] == newest_first[3:5]
    assert [i.id for i in intents.list({"limit": 2}).auto_paging_iter()] == newest_first
    with pytest.raises(stripe.InvalidRequestError):
        intents.list({"limit": 101})
    with pytest.raises(stripe.InvalidRequestError):
        intents.list({"starting_after": "pi_none"})


def test_lists_by_charge_intent_and_source(client: stripe.StripeClient) -> None:
    intent = card_intent(client)
    card_intent(client)
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    charges = client.v1.charges.list({"payment_intent": intent.id}).data
    assert [c.id for c in charges] == [intent.latest_charge]
    lines = client.v1.balance_transactions.list({"source": refund.id, "type": "refund"}).data
    assert [line.id for line in lines] == [refund.balance_transaction]


@pytest.mark.parametrize("path", ["nothing", "id", "status"])
def test_what_cannot_be_expanded(client: stripe.StripeClient, path: str) -> None:
    card_intent(client)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.payment_intents.list({"expand": [f"data.{path}"]})


def test_garbage_is_answered_calmly(stand_in: StripeStandIn) -> None:
    for body in ("%ff%fe=1", "a[b=1", "[x]=1", "a=1&a[b]=2", "a" + "[b]" * 50 + "=1"):
        status, answer, _ = _raw(stand_in, "POST", "/v1/payment_intents", body)
        assert (status, answer["error"]["type"]) == (400, "invalid_request_error")
