"""PaymentIntents, payment methods, customers and set-up through the real SDK."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import card_intent
from tests.stripe_stand_in import StripeStandIn

SEK: Any = {"amount": 20_000, "currency": "sek"}


def _card(client: stripe.StripeClient, number: str) -> str:
    card: Any = {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    return client.v1.payment_methods.create({"type": "card", "card": card}).id


def _declined(call: Any) -> stripe.CardError:
    with pytest.raises(stripe.CardError) as caught:
        call()
    assert caught.value.http_status == 402
    return caught.value


def test_plain_intent_is_updated_and_confirmed(client: stripe.StripeClient) -> None:
    intents = client.v1.payment_intents
    intent = intents.create(SEK)
    assert intent.status == "requires_payment_method"
    assert intents.update(intent.id, {"amount": 30_000}).amount == 30_000
    done = intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (done.status, done.amount_received) == ("succeeded", 30_000)


def test_created_with_a_method_and_confirmed_later(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create(
        SEK | {"payment_method": "pm_card_visa", "automatic_payment_methods": {"enabled": True}}
    )
    assert intent.status == "requires_confirmation"
    assert client.v1.payment_intents.confirm(intent.id).status == "succeeded"


def test_nested_expand(client: stripe.StripeClient, stand_in: StripeStandIn) -> None:
    intent = card_intent(client)
    stand_in.wait()
    found: Any = client.v1.payment_intents.retrieve(
        intent.id, {"expand": ["latest_charge.balance_transaction"]}
    )
    assert found.latest_charge.balance_transaction.net == 19_425
    listed: Any = client.v1.payment_intents.list({"expand": ["data.latest_charge"]})
    assert listed.data[0].latest_charge.paid is True


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
        ("4100000000000019", "card_declined", "fraudulent"),
    ],
)
def test_a_decline_is_a_card_error_and_leaves_a_failed_charge(
    client: stripe.StripeClient, number: str, code: str, decline_code: str | None
) -> None:
    problem: Any = _declined(lambda: card_intent(client, _card(client, number)))
    assert problem.code == code
    assert getattr(problem.error, "decline_code", None) == decline_code
    charge = client.v1.charges.retrieve(problem.error.charge)
    assert (charge.status, charge.paid) == ("failed", False)
    assert problem.error.payment_intent.status == "requires_payment_method"


def test_0341_attaches_and_then_declines(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "Anna"})
    method = _card(client, "4000000000000341")
    attached = client.v1.payment_methods.attach(method, {"customer": customer.id})
    assert attached.customer == customer.id
    problem = _declined(lambda: card_intent(client, method, customer=customer.id))
    assert problem.code == "card_declined"


def test_three_d_secure_asks_on_session_and_refuses_off_session(
    client: stripe.StripeClient, stand_in: StripeStandIn
) -> None:
    asked = card_intent(client, _card(client, "4000002500003155"))
    assert (asked.status, asked.next_action.type) == ("requires_action", "redirect_to_url")
    stand_in.answer(asked.id)
    assert client.v1.payment_intents.retrieve(asked.id).status == "succeeded"
    off_session = {"off_session": True, "confirm": True}
    saved = {"payment_method": _card(client, "4000002760003184")}
    problem = _declined(lambda: client.v1.payment_intents.create(SEK | saved | off_session))
    assert problem.code == "authentication_required"


def test_a_saved_card_is_not_asked_about_again(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "anna@example.org"})
    intent = client.v1.setup_intents.create(
        {"customer": customer.id, "payment_method": "pm_card_visa", "confirm": True,
         "usage": "off_session", "automatic_payment_methods": {"enabled": True},
         "return_url": "https://example.org"}
    )  # fmt: skip
    assert intent.status == "succeeded"
    method: Any = intent.payment_method
    charged = client.v1.payment_intents.create(
        SEK | {"customer": customer.id, "payment_method": method, "off_session": True,
               "confirm": True, "description": "Månadsgåva", "metadata": {"pledge": "p1"}}
    )  # fmt: skip
    assert charged.status == "succeeded"
    methods = client.v1.customers.payment_methods.list(customer.id)
    assert [m.id for m in methods.data] == [method]


def test_a_saved_card_can_be_made_to_decline(
    client: stripe.StripeClient, stand_in: StripeStandIn
) -> None:
    method = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    stand_in.decline_from_now(method.id, code="expired_card", decline_code=None)
    assert _declined(lambda: card_intent(client, method.id)).code == "expired_card"


def test_a_card_asked_about_by_its_bank_declines_without_the_donor_and_asks_the_donor(
    client: stripe.StripeClient, stand_in: StripeStandIn
) -> None:
    customer = client.v1.customers.create({})
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id}).id
    stand_in.decline_from_now(method, code="authentication_required", decline_code=None)
    away: Any = SEK | {"customer": customer.id, "payment_method": method, "confirm": True}
    problem = _declined(lambda: client.v1.payment_intents.create(away | {"off_session": True}))
    assert problem.code == "authentication_required"
    asked = client.v1.payment_intents.create(away | {"return_url": "https://example.org"})
    assert asked.status == "requires_action"
    stand_in.answer(asked.id)
    assert client.v1.payment_intents.retrieve(asked.id).status == "succeeded"


def test_a_card_whose_month_is_over_declines_until_the_network_has_replaced_it(
    client: stripe.StripeClient, stand_in: StripeStandIn
) -> None:
    customer = client.v1.customers.create({})
    card: Any = {"number": "4242424242424242", "exp_month": 1, "exp_year": 2020}
    made = client.v1.payment_methods.create({"type": "card", "card": card}).id
    client.v1.payment_methods.attach(made, {"customer": customer.id})
    away: Any = SEK | {"customer": customer.id, "payment_method": made, "confirm": True,
                       "off_session": True}  # fmt: skip
    assert _declined(lambda: client.v1.payment_intents.create(away)).code == "expired_card"
    stand_in.update_card(made, exp_year=2031, last4="1881")
    told = stand_in.events("payment_method.automatically_updated")[0]["data"]
    assert told["previous_attributes"] == {"card": {"exp_year": 2020, "last4": "4242"}}
    assert (told["object"]["id"], told["object"]["card"]["last4"]) == (made, "1881")
    assert client.v1.payment_intents.create(away).status == "succeeded"


def test_a_saved_card_is_charged_for_its_own_customer_alone(client: stripe.StripeClient) -> None:
    mine, other = (client.v1.customers.create({}).id for _ in range(2))
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": mine}).id
    owners: list[Any] = [{"customer": other}, {}]
    for whose in owners:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            card_intent(client, method, **whose)
        assert caught.value.param == "payment_method"
    client.v1.payment_methods.detach(method)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        card_intent(client, method, customer=mine)
    assert caught.value.code == "payment_method_unexpected_state"


def test_swish_by_the_api(client: stripe.StripeClient, stand_in: StripeStandIn) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create(SEK | {"payment_method_types": ["swish"]})
    assert caught.value.code == "parameter_unknown"
    intent = client.v1.payment_intents.create(SEK | {"allowed_payment_method_types": ["swish"]})
    asked = client.v1.payment_intents.confirm(
        intent.id,
        {"payment_method_data": {"type": "swish"}, "return_url": "http://localhost:9/tack"},
    )
    action: Any = asked.next_action
    page = action.swish_handle_redirect_or_display_qr_code.hosted_instructions_url
    back = stand_in.post_form(page, {"decision": "approve"})
    assert back.startswith("http://localhost:9/tack?payment_intent=")
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_cancel(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create(SEK)
    cancelled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert caught.value.code == "payment_intent_unexpected_state"


def test_search_by_metadata(client: stripe.StripeClient, stand_in: StripeStandIn) -> None:
    wanted = card_intent(client, metadata={"gift": "g7"})
    card_intent(client, metadata={"gift": "g8"})
    query: Any = {"query": "metadata['gift']:'g7' AND status:'succeeded'"}
    assert [i.id for i in client.v1.payment_intents.search(query).data] == [wanted.id]
    stand_in.knobs(search_lag_seconds=60)
    assert client.v1.payment_intents.search(query).data == []


def test_decline_rate(client: stripe.StripeClient, stand_in: StripeStandIn) -> None:
    stand_in.knobs(decline_rate=1.0)
    assert _declined(lambda: card_intent(client)).code == "card_declined"


def test_customers_are_kept_changed_found_and_deleted(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "anna@example.org", "metadata": {"d": "1"}})
    client.v1.customers.update(customer.id, {"metadata": {"d": "", "e": "2"}})
    kept: Any = client.v1.customers.retrieve(customer.id).metadata
    assert kept.to_dict() == {"e": "2"}
    query: Any = {"query": "email:'anna@example.org'"}
    assert [c.id for c in client.v1.customers.search(query).data] == [customer.id]
    client.v1.customers.delete(customer.id)
    assert client.v1.customers.list().data == []


def test_a_number_that_is_no_test_number_is_refused(client: stripe.StripeClient) -> None:
    problem = _declined(lambda: _card(client, "4111111111111111"))
    assert problem.code == "incorrect_number"
    assert client.v1.payment_methods.list().data == []
