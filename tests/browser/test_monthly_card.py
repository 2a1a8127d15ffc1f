"""Every month by card in a browser: signed up, another card put in, a draw confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.give.mine import words as mine
from fundraise.pledges import schedule
from fundraise.pledges.models import Collection, Instalment, Pledge
from fundraise.pledges.queries import rhythm_of
from fundraise.pledges.services import planning
from fundraise.providers import card_links, charging, words
from tests.browser.conftest import NewPage
from tests.browser.faces import LOOKS
from tests.browser.test_faces import WIDTHS, look
from tests.browser.test_paying import at_stripe, hear, pay, press, running, stripe
from tests.stripe_stand_in import CARD_3DS, StripeStandIn

__all__ = ["running", "stripe"]
MASTERCARD = "5555555555554444"


@pytest.fixture(autouse=True)
def _by_card(campaign: Campaign, settings: Any) -> None:
    Campaign.objects.update(monthly_open=True, first_frequency="monthly")
    settings.FORM_MIN_SECONDS = 0


def sign_up(page: Page, site: str, stripe: StripeStandIn) -> Pledge:
    """As a giver does it, up to the thanks."""
    page.goto(f"{site}/valet/")
    page.locator("#monthly-2").check()
    if page.locator(".next").is_visible():
        page.locator(".next").click()
    page.locator("#name").fill("Anna Ek")
    page.locator("#email").fill("anna@example.org")
    page.locator("#register").check()
    press(page)
    at_stripe(page, stripe)
    pay(page)
    expect(page.get_by_role("heading", name="Tack från Framtidspartiet")).to_be_visible()
    return Pledge.objects.get()


def test_signed_up_and_another_card_put_in_on_a_phone(
    site: str, stripe: StripeStandIn, new_page: NewPage
) -> None:
    page = new_page(360, 780)
    pledge = sign_up(page, site, stripe)
    expect(page.get_by_role("heading", name="Månadsgåvan är i gång")).to_be_visible()
    with translation.override("sv"):  # whatever a test before this one left
        coming = mine.day(schedule.following_days(rhythm_of(pledge), pledge.first_period, 1)[0])
    expect(page.locator("#gift")).to_contain_text(f"nästa dras den {coming}")
    assert pledge.state == "active"
    page.goto(card_links.new_card_link(pledge))
    expect(page.locator("dl.facts")).to_contain_text(coming)  # though nothing is planned yet
    press(page)
    at_stripe(page, stripe)
    pay(page, MASTERCARD)
    page.wait_for_url(f"{site}/**")
    hear(stripe)
    page.reload()
    expect(page.locator("main")).to_contain_text("Mastercard 4444")
    expect(page.locator(".state")).to_have_text("Klart")


def test_a_draw_that_the_bank_asks_about_is_confirmed(
    site: str, stripe: StripeStandIn, page: Page
) -> None:
    pledge = sign_up(page, site, stripe)
    stripe.decline_from_now(
        pledge.mandates.get().method_ref, code="authentication_required", decline_code=None
    )
    planning.plan(clock.today())
    due = pledge.instalments.filter(state="planned").earliest("due_on").due_on
    ahead = timedelta(days=(due - clock.local_date(clock.real_now())).days)
    clock.use(lambda: ahead)
    stripe.clock(int(ahead.total_seconds()))
    [draw_id] = charging.due(clock.today())
    charging.charge(draw_id)
    draw = Collection.objects.get(pk=draw_id)
    page.goto(card_links.confirm_link(draw))
    expect(page.locator("main")).to_contain_text("Du är inte skyldig något")
    press(page)
    at_stripe(page, stripe)
    pay(page, CARD_3DS)
    page.locator("#approve").click()
    page.wait_for_url(f"{site}/**")
    hear(stripe)
    page.reload()
    expect(page.locator("main")).to_contain_text("Tack! Din gåva på")
    draw.refresh_from_db()
    assert draw.state == "paid"


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_the_pages_of_a_card_are_free_of_faults(
    site: str, stripe: StripeStandIn, new_page: NewPage, language: str, scheme: str
) -> None:
    pledge = sign_up(new_page(), site, stripe)
    gift = Gift.objects.get()
    draw = Collection.objects.get()
    links = {
        "first": f"{site}{words.gift_path(gift.ref, language)}",
        "new": card_links.new_card_link(pledge, language),
        "back": f"{card_links.new_card_link(pledge, language)}&klart=1",
        "paid": card_links.confirm_link(draw, language),
    }
    faults = []
    for width in WIDTHS:
        page = new_page(width, 780, color_scheme=scheme)
        for name, link in links.items():
            page.goto(link)
            faults += look(page, f"card-{name}-{language}-{scheme}-{width}")
        Collection.objects.filter(pk=draw.pk).update(state="failed")
        Instalment.objects.update(state="missed")
        page.goto(links["paid"])
        faults += look(page, f"card-confirm-{language}-{scheme}-{width}")
        Pledge.objects.update(state="halted")
        page.goto(links["new"])
        faults += look(page, f"card-halted-{language}-{scheme}-{width}")
        Pledge.objects.update(state="active")
    assert faults == []
