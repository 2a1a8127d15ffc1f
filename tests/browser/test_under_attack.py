"""The page while the breaker is open: with a script it checks and pays, without one it helps on."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.give import page as pages
from fundraise.limits.models import Breaker, Spent
from fundraise.providers import pausing, watch
from fundraise.providers.models import Account
from mailings.models import TransactionalMessage
from mailings.transactional import _opened
from tests.browser.conftest import NewPage
from tests.browser.faces import LOOKS, SHOTS, fault_list, overflow_of
from tests.browser.test_faces import WIDTHS
from tests.browser.test_paying import at_stripe, fill_in, pay, press, running, stripe, thanked
from tests.stripe_stand_in import StripeStandIn

__all__ = ["running", "stripe"]

KEEPS = os.environ.get("FUNDRAISE_SCREENSHOTS") == "1"


@pytest.fixture
def attacked(campaign: Campaign) -> None:
    """The breaker is open, and the entity has numbers of its own."""
    account, now = Account.objects.get(provider="stripe"), clock.real_now()
    Breaker.objects.create(scope=watch.scope_of(account.pk), opened_at=now, bad_at=now)
    Account.objects.create(
        entity=campaign.entity, provider="manual", slug="g", name="G", external_id="123-4567"
    )


def look(page: Page, name: str) -> list[str]:
    if KEEPS:
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"attack-{name}.png", full_page=True)
    faults = [f"{overflow_of(page)} pixels too wide"] if overflow_of(page) > 0 else []
    return [*faults, *fault_list(page)]


def mailed_path() -> str:
    text = _opened(TransactionalMessage.objects.get(kind="give_link")).text
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found is not None
    return found[1]


def test_the_check_is_done_while_one_writes_and_the_gift_is_paid(
    site: str, stripe: StripeStandIn, page: Page, attacked: None
) -> None:
    fill_in(page, site)
    expect(page.locator("#elsewhere")).to_be_hidden()
    press(page)
    at_stripe(page, stripe)
    pay(page)
    thanked(page)
    assert Gift.objects.get().state == "received"
    assert Spent.objects.count() == 1
    assert page.context.cookies(site) == []


def test_the_check_is_told_calmly_and_pressing_twice_begins_one_gift(
    site: str, stripe: StripeStandIn, page: Page, attacked: None
) -> None:
    waiting: list[Any] = []
    page.route("**/prova/", lambda route: waiting.append(route))
    fill_in(page, site)
    press(page)
    expect(page.locator("#checking")).to_have_text("Vi kontrollerar att du inte är en robot…")
    expect(page.locator("form.card button[type=submit]")).to_have_attribute("aria-disabled", "true")
    page.locator("form.card button[type=submit]").click(force=True)
    waiting.pop(0).continue_()
    at_stripe(page, stripe)
    assert waiting == []
    assert Gift.objects.count() == 1


def test_back_from_stripe_and_another_sum_is_checked_anew(
    site: str, stripe: StripeStandIn, page: Page, attacked: None
) -> None:
    fill_in(page, site)
    press(page)
    at_stripe(page, stripe)
    page.locator("#number").wait_for()
    page.go_back()
    page.locator("#once-3").check()
    press(page)
    at_stripe(page, stripe)
    pay(page)
    thanked(page, "500\u202fkr")
    assert sorted(Gift.objects.values_list("state", flat=True)) == ["expired", "received"]
    assert Spent.objects.count() == 2


def test_a_check_that_fails_keeps_what_was_typed_and_shows_other_ways(
    site: str, stripe: StripeStandIn, page: Page, attacked: None
) -> None:
    page.route("**/prova/", lambda route: route.abort())
    fill_in(page, site)
    press(page)
    expect(page.locator("#checking")).to_contain_text("Kontrollen lyckades inte.")
    expect(page.locator("#elsewhere")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Björn Öberg")
    page.unroute("**/prova/")
    press(page)
    at_stripe(page, stripe)


def test_a_form_that_was_open_when_it_began_needs_one_more_press(
    site: str, campaign: Campaign, stripe: StripeStandIn, page: Page
) -> None:
    fill_in(page, site)
    account, now = Account.objects.get(provider="stripe"), clock.real_now()
    Breaker.objects.create(scope=watch.scope_of(account.pk), opened_at=now, bad_at=now)
    press(page)
    expect(page.locator("#notice")).to_contain_text("Tryck på knappen en gång till")
    press(page)
    at_stripe(page, stripe)
    pay(page)
    thanked(page)


def test_a_form_that_is_sent_at_once_waits_by_itself(
    site: str, stripe: StripeStandIn, page: Page, settings: Any
) -> None:
    settings.FORM_MIN_SECONDS = 3
    pages.opened.cache_clear()  # the page as other tests saw it says 0
    fill_in(page, site)
    press(page)
    at_stripe(page, stripe)
    assert Gift.objects.count() == 1


def test_the_trap_is_seen_by_nobody(site: str, page: Page, attacked: None) -> None:
    page.goto(f"{site}/valet/")
    for name in ("#message", "#link-message"):
        expect(page.locator(name)).to_be_hidden()
    assert "Lämna det här tomt" not in page.locator("body").aria_snapshot()


def test_without_a_script_a_mailed_link_leads_on(
    site: str, stripe: StripeStandIn, new_page: NewPage, attacked: None
) -> None:
    page = new_page(360, 780, java_script_enabled=False)
    fill_in(page, site)
    expect(page.locator("#elsewhere")).to_be_visible()
    expect(page.locator("#elsewhere")).to_contain_text("123-4567")
    press(page)
    expect(page.locator("#notice")).to_contain_text("Kontrollen kräver JavaScript.")
    expect(page.locator("#name")).to_have_value("Björn Öberg")
    page.locator("#link-email").fill("bjorn@example.org")
    page.get_by_role("button", name="Mejla mig en länk").click()
    expect(page.locator("h1")).to_have_text("Titta i din inkorg")
    fill_in(page, site, path=mailed_path())
    press(page)
    at_stripe(page, stripe)
    pay(page)
    page.get_by_role("button", name="Kontrollera igen").click()
    thanked(page)
    assert Gift.objects.get().state == "received"


SEND = """form => {
  form.elements["name"].value = "Björn Öberg";
  form.elements["email"].value = "bjorn@example.org";
  form.elements["register"].checked = true;
  form.submit();
}"""
PATHS = {"sv": ("/valet/", "/valet/lank/"), "en": ("/en/valet/", "/en/valet/link/")}


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_face_is_free_of_faults(
    site: str, new_page: NewPage, attacked: None, language: str, scheme: str
) -> None:
    start, link = PATHS[language]
    faults: list[str] = []
    for width in WIDTHS:
        end = f"{language}-{scheme}-{width}"
        for script in (True, False):
            page = new_page(width, 780, color_scheme=scheme, java_script_enabled=script)
            page.goto(f"{site}{start}?belopp=250")
            if not script:
                if KEEPS:
                    page.screenshot(path=SHOTS / f"attack-plain-{end}.png", full_page=True)
                continue  # axe needs a script; what it would see comes below
            page.locator("form.card").evaluate(SEND)
            page.wait_for_selector("#notice")
            faults += look(page, f"prove-{end}")
            page.goto(f"{site}{link}")
            faults += look(page, f"sent-{end}")
    assert faults == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_page_that_staff_closed_is_free_of_faults(
    site: str, new_page: NewPage, attacked: None, language: str
) -> None:
    pausing.pause(None, reason="Attack", by="staff:1")
    for width in WIDTHS:
        page = new_page(width, 780)
        page.goto(f"{site}{PATHS[language][0]}")
        expect(page.locator("#numbers-title")).to_be_visible()
        assert look(page, f"closed-{language}-{width}") == []
