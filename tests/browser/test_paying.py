"""The form and the stand-in's hosted page together: every way that a gift can go."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from csp.constants import SELF
from playwright.sync_api import Page, expect

from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.gifts.models import Gift
from fundraise.providers import intake
from fundraise.providers.models import Attempt, ProviderEvent
from tests.browser.conftest import NewPage
from tests.stripe_stand_in import API_KEY, CARD_DECLINED, CARD_OK, WEBHOOK_SECRET, StripeStandIn


@pytest.fixture(scope="module")
def running(live_server: Any) -> Iterator[StripeStandIn]:
    with StripeStandIn(f"{live_server.url}/webhooks/stripe/main") as stand_in:
        yield stand_in


@pytest.fixture
def stripe(running: StripeStandIn, settings: Any) -> StripeStandIn:
    """The stand-in, empty, as the service's Stripe."""
    running.reset()
    settings.STRIPE_API_BASE = running.address
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = API_KEY, WEBHOOK_SECRET
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = [SELF, running.address]
    settings.CONTENT_SECURITY_POLICY = policy
    return running


def fill_in(page: Page, site: str, *, amount: str = "#once-2", path: str = "/valet/") -> None:
    page.goto(f"{site}{path}")
    page.locator(amount).check()
    page.locator("#name").fill("Björn Öberg")
    page.locator("#email").fill("bjorn@example.org")
    page.locator("#register").check()


def press(page: Page) -> None:
    page.locator("form.card button[type=submit]").click()


def pay(page: Page, card: str = CARD_OK) -> None:
    """Fill in the hosted page's card form and press its button."""
    page.locator("#number").fill(card)
    page.locator("#expiry").fill("12/34")
    page.locator("#cvc").fill("123")
    page.locator("#pay").click()


def at_stripe(page: Page, stripe: StripeStandIn) -> None:
    page.wait_for_url(f"{stripe.address}/**")


def hear(stripe: StripeStandIn) -> None:
    """What the workers would do now with what Stripe has told."""
    stripe.wait()
    waiting = ProviderEvent.objects.filter(state=ProviderEvent.State.STORED).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        intake.process(pk)


def thanked(page: Page, sum_: str = "250\u202fkr") -> None:
    expect(page.get_by_role("heading", name="Tack från Framtidspartiet")).to_be_visible()
    expect(page.locator(".big")).to_have_text(sum_)


def raised() -> int:
    return Thermometer.objects.get().received_ore


def test_a_card_gift_ends_in_thanks(site: str, stripe: StripeStandIn, page: Page) -> None:
    fill_in(page, site)
    press(page)
    at_stripe(page, stripe)
    expect(page.locator("#email")).to_have_value("bjorn@example.org")
    pay(page)
    thanked(page)
    assert (Gift.objects.get().state, raised()) == ("received", 250_00)
    assert page.context.cookies(site) == []


def test_a_gift_in_english_stays_in_english(site: str, stripe: StripeStandIn, page: Page) -> None:
    fill_in(page, site, path="/en/valet/")
    press(page)
    pay(page)
    expect(page.get_by_role("heading", name="Thank you from Framtidspartiet")).to_be_visible()


def test_two_declines_in_a_row_end_calmly_and_a_third_card_is_taken_once(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    fill_in(page, site)
    press(page)
    for _ in range(2):
        pay(page, CARD_DECLINED)
        expect(page.locator("#error")).to_be_visible()
    hear(stripe)
    page.locator("a[href*='/gava/']").first.click()
    expect(page.locator("h1")).to_have_text("Banken sa nej igen. Inga pengar har dragits.")
    assert (Gift.objects.get().state, raised()) == ("pending", 0)
    page.get_by_role("link", name="Fortsätt och ge").click()
    pay(page)
    thanked(page)
    assert (Gift.objects.get().state, raised()) == ("received", 250_00)
    assert len(stripe.objects("payment_intent")) == 1


def test_somebody_who_stops_may_go_on_or_change_the_sum(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    fill_in(page, site)
    press(page)
    page.locator("a[href*='avbruten']").click()
    expect(page.locator("h1")).to_have_text("Du avbröt. Inga pengar har dragits.")
    page.get_by_role("link", name="Ändra belopp eller sätt att ge").click()
    expect(page.locator("#once-2")).to_be_checked()
    page.locator("#once-3").check()
    page.locator("#name").fill("Björn Öberg")
    page.locator("#email").fill("bjorn@example.org")
    page.locator("#register").check()
    press(page)
    pay(page)
    thanked(page, "500\u202fkr")
    assert sorted(Gift.objects.values_list("state", "amount_ore")) == [
        ("expired", 250_00),
        ("received", 500_00),
    ]
    assert {s["status"] for s in stripe.objects("checkout.session")} == {"complete", "expired"}


def test_back_and_the_button_again_go_on_with_the_same_gift(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    fill_in(page, site)
    press(page)
    at_stripe(page, stripe)
    hosted = page.url
    page.go_back()
    expect(page.locator("#name")).to_have_value("Björn Öberg")
    press(page)
    expect(page).to_have_url(hosted)
    pay(page)
    thanked(page)
    assert (Gift.objects.count(), Attempt.objects.count(), raised()) == (1, 1, 250_00)


def test_back_after_paying_leads_to_the_thanks_and_never_to_a_second_gift(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    fill_in(page, site)
    press(page)
    pay(page)
    thanked(page)
    form = page.evaluate("history.length")
    page.evaluate(f"history.go(-{form - 2})")
    expect(page.locator("#name")).to_have_value("Björn Öberg")
    press(page)
    thanked(page)
    assert (Gift.objects.count(), raised()) == (1, 250_00)


def test_a_double_click_is_one_gift(site: str, stripe: StripeStandIn, page: Page) -> None:
    fill_in(page, site)
    page.locator("form.card button[type=submit]").dblclick()
    at_stripe(page, stripe)
    assert (Gift.objects.count(), len(stripe.objects("checkout.session"))) == (1, 1)


def test_a_double_click_without_a_script_is_one_gift(
    site: str, stripe: StripeStandIn, new_page: NewPage
) -> None:
    page = new_page(java_script_enabled=False)
    fill_in(page, site)
    page.locator("form.card button[type=submit]").dblclick(no_wait_after=True)
    at_stripe(page, stripe)
    assert (Gift.objects.count(), len(stripe.objects("checkout.session"))) == (1, 1)


def test_a_reload_of_the_thanks_asks_for_nothing_and_takes_nothing(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    fill_in(page, site)
    press(page)
    pay(page)
    thanked(page)
    page.reload()
    thanked(page)
    assert (Gift.objects.count(), raised()) == (1, 250_00)


def test_without_a_script_a_button_asks_how_it_went(
    site: str, stripe: StripeStandIn, new_page: NewPage
) -> None:
    page = new_page(java_script_enabled=False)
    fill_in(page, site)
    press(page)
    at_stripe(page, stripe)
    Attempt.objects.update(asked_at="2026-01-01T00:00:00Z")
    pay(page)
    expect(page.locator("h1")).to_have_text("Vi väntar på din gåva")
    page.get_by_role("button", name="Kontrollera igen").click()
    thanked(page)


def test_swish_may_come_back_in_another_browser(
    site: str, stripe: StripeStandIn, page: Page, new_page: NewPage
) -> None:
    fill_in(page, site)
    press(page)
    at_stripe(page, stripe)
    stripe.swish(page.url, "elsewhere")
    elsewhere = new_page(360, 780)
    elsewhere.goto(f"{site}/gava/{Gift.objects.get().ref}/")
    thanked(elsewhere)
    assert "Björn" not in elsewhere.content()
    assert Gift.objects.get().channel == "swish"


def test_a_session_that_ran_out_is_said_and_may_be_begun_again(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    fill_in(page, site)
    press(page)
    at_stripe(page, stripe)
    (session,) = stripe.objects("checkout.session")
    stripe.expire_session(session["id"])
    page.goto(f"{site}/gava/{Gift.objects.get().ref}/")
    expect(page.locator("h1")).to_have_text("Tiden gick ut. Inga pengar har dragits.")
    page.get_by_role("link", name="Börja om med 250").click()
    expect(page.locator("#once-2")).to_be_checked()


def test_stripe_being_down_leaves_the_form_and_a_calm_word(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    stripe.fault("error", status=503, count=10, path="/v1/checkout/sessions")
    fill_in(page, site)
    press(page)
    expect(page.locator("#notice h2")).to_have_text("Det går inte att betala så just nu")
    expect(page.locator("#notice")).to_be_focused()
    expect(page.locator("#name")).to_have_value("Björn Öberg")
    assert "misslycka" not in page.content()


def test_a_lost_answer_and_the_button_again_are_one_session(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    stripe.fault("lose", count=2, path="/v1/checkout/sessions")
    fill_in(page, site)
    press(page)
    expect(page.locator("#notice h2")).to_have_text("Det går inte att betala så just nu")
    press(page)
    at_stripe(page, stripe)
    pay(page)
    thanked(page)
    assert len(stripe.objects("checkout.session")) == 1
    assert (Gift.objects.count(), raised()) == (1, 250_00)


def test_an_answer_lost_after_paying_waits_and_never_says_failed(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    fill_in(page, site)
    press(page)
    at_stripe(page, stripe)
    stripe.fault("error", status=500, count=2, path="/v1/checkout/sessions", method="GET")
    pay(page)
    expect(page.locator("h1")).to_have_text("Vi väntar på din gåva")
    assert "misslycka" not in page.content()
    thanked(page)


def test_an_own_number_shows_the_way_and_waits_for_the_bank(
    campaign: Campaign, site: str, stripe: StripeStandIn, page: Page
) -> None:
    campaign.entity.accounts_with.create(
        provider="swish_number", slug="n", name="Swish", external_id="1231231231"
    )
    fill_in(page, site)
    page.locator("#way-2").check()
    press(page)
    expect(page.locator("h1")).to_have_text("Swisha 250\u202fkr till vårt nummer")
    assert (Gift.objects.get().state, raised()) == ("pending", 0)
    assert stripe.objects("checkout.session") == []
