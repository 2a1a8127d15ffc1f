"""The hosted pages by plain HTTP: what they say, what they refuse, what they never keep."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import CANCEL_URL, gift_session
from tests.stripe_stand_in import CARD_DECLINED, StripeStandIn

FOREIGN_NUMBER = "4111111111111111"


def _url(client: stripe.StripeClient, **changes: Any) -> str:
    return str(client.v1.checkout.sessions.create(gift_session(**changes)).url)


def test_the_page_says_that_no_money_moves_and_what_it_is_for(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    page = stand_in.page(_url(client, amount=120_000))
    assert "TESTLÄGE – inga pengar dras" in page
    assert "1\u202f200\u00a0kr" in page
    assert "Mottagare: Insamlingen (testläge)" in page
    assert "<p>Gåva</p>" in page
    assert 'value="anna@example.org"' in page
    assert "<script" not in page
    assert "Stripe-logo" not in page
    assert f'href="{CANCEL_URL}"' in page


def test_the_page_speaks_english_when_asked(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    page = stand_in.page(_url(client, locale="en"))
    assert '<html lang="en">' in page
    assert "TEST MODE – no money is drawn" in page
    assert "Give SEK 200" in page


def test_a_name_with_tags_is_shown_as_text(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = gift_session()
    session["line_items"][0]["price_data"]["product_data"]["name"] = "<script>alert(1)</script>"
    page = stand_in.page(str(client.v1.checkout.sessions.create(session).url))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_number_that_is_no_test_number_goes_nowhere(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    url = _url(client)
    form = {"number": FOREIGN_NUMBER, "expiry": "12/34", "cvc": "987", "email": "a@example.org"}
    answer = stand_in.submit(f"{url}/card", form)
    assert "Numret är inte ett av testnumren" in answer
    assert FOREIGN_NUMBER not in answer
    assert stand_in.objects("payment_method") == []
    kept = stand_in.data / "stripe.sqlite3"
    with sqlite3.connect(kept) as database:
        dump = "\n".join(database.iterdump())
    assert FOREIGN_NUMBER not in dump
    assert FOREIGN_NUMBER not in stand_in.log.read_text()


def test_no_card_number_is_kept_of_a_gift(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.pay(_url(client))
    with sqlite3.connect(stand_in.data / "stripe.sqlite3") as database:
        dump = "\n".join(database.iterdump())
    assert "4242424242424242" not in dump


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"expiry": "12/20"}, "Skriv månad och år"),
        ({"expiry": "13/34"}, "Skriv månad och år"),
        ({"cvc": "12"}, "Skriv tre eller fyra siffror"),
    ],
)
def test_a_field_filled_in_wrongly_is_pointed_at(
    stand_in: StripeStandIn, client: stripe.StripeClient, wrong: dict[str, str], message: str
) -> None:
    form = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123"} | wrong
    answer = stand_in.submit(f"{_url(client)}/card", form)
    assert message in answer
    assert 'aria-invalid="true"' in answer
    assert stand_in.objects("charge") == []


def test_without_an_address_the_page_asks_for_one(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    session = gift_session()
    del session["customer_email"]
    url = str(client.v1.checkout.sessions.create(session).url)
    form = {"number": "4242424242424242", "expiry": "12/34", "cvc": "123"}
    assert "Skriv en e-postadress" in stand_in.submit(f"{url}/card", form)
    stand_in.pay(url, email="björn@example.org", name="Björn")
    details: Any = client.v1.checkout.sessions.list().data[0].customer_details
    assert (details.email, details.name) == ("björn@example.org", "Björn")


def test_a_test_card_button_fills_in_the_form(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    answer = stand_in.submit(f"{_url(client)}/card", {"prefill": CARD_DECLINED})
    assert 'value="4000 0000 0000 0002"' in answer
    assert stand_in.objects("charge") == []


def test_a_decline_is_told_without_the_banks_code(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    url = _url(client)
    stand_in.pay(url, CARD_DECLINED)
    page = stand_in.page(url)
    assert "Kortet nekades. Prova ett annat kort." in page
    assert "generic_decline" not in page


def test_a_paid_and_an_expired_session_say_so_and_lead_back(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    paid = client.v1.checkout.sessions.create(gift_session())
    stand_in.pay(str(paid.url))
    page = stand_in.page(str(paid.url))
    assert "Redan betald" in page
    assert f"http://localhost:9/tack?s={paid.id}" in page
    expired = client.v1.checkout.sessions.create(gift_session())
    stand_in.expire_session(expired.id)
    page = stand_in.page(str(expired.url))
    assert "Sidan har gått ut" in page
    assert f'href="{CANCEL_URL}"' in page


def test_unknown_pages_are_calm(stand_in: StripeStandIn) -> None:
    for path in ("/", "/c/pay/cs_test_none", "/3ds/pi_none", "/swish/pi_none", "/x/y/z"):
        assert "Sidan finns inte" in stand_in.page(stand_in.address + path)


def test_a_form_may_end_at_the_payee_and_nowhere_else(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    headers = stand_in.headers(_url(client))
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://localhost:9" in policy
    assert "unsafe" not in policy


def test_the_control_page_works_without_names(
    stand_in: StripeStandIn, client: stripe.StripeClient
) -> None:
    stand_in.pay(_url(client))
    stand_in.wait()
    page = stand_in.page(f"{stand_in.address}/_test")
    assert "Kontrollsida" in page
    assert "Återbetala" in page
    assert "anna@example.org" not in page
    assert "Anna" not in page
    form = {"act": "payout", "args": '{"pending": true}'}
    assert stand_in.post_form(f"{stand_in.address}/_test", form).endswith("/_test")
    assert stand_in.objects("payout")[0]["amount"] == 19_425


def test_another_sites_page_cannot_turn_the_knobs(stand_in: StripeStandIn) -> None:
    status = stand_in.status("POST", "/_test/reset", Origin="https://evil.example")
    assert status == 403
