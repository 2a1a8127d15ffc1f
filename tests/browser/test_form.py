from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, expect

from fundraise.campaigns.models import Campaign
from tests.browser.conftest import NewPage


def button_text(page: Page) -> str:
    """What the button says, as it is seen."""
    return page.locator("form.card button[type=submit]").inner_text().replace("\u202f", " ")


def summary(page: Page) -> str:
    return page.locator(".summary").inner_text().replace("\u202f", " ")


def test_the_words_and_the_button_follow_the_choice(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/")
    assert (summary(page), button_text(page)) == (
        "Välj hur mycket du vill ge till Framtidspartiet.",
        "Ge en gåva",
    )
    page.locator("#once-3").check()
    assert (summary(page), button_text(page)) == (
        "Du ger 500 kr en gång till Framtidspartiet.",
        "Ge 500 kr",
    )
    page.locator("#other_once").fill("1 234,50")
    assert button_text(page) == "Ge 1 234,50 kr"
    page.locator("#other_once").fill("1.000")
    assert button_text(page) == "Ge beloppet du har skrivit"


def test_the_words_follow_the_choice_without_a_script(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site}/en/valet/")
    page.locator("#once-2").check()
    assert (summary(page), button_text(page)) == (
        "You give 250 kr once to Framtidspartiet.",
        "Give 250 kr",
    )


def test_typing_chooses_another_amount_and_focus_does_not(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/")
    page.locator("#once-1").check()
    page.locator("#other_once").focus()
    expect(page.locator("#once-1")).to_be_checked()
    page.keyboard.type("300")
    expect(page.locator("#once-other")).to_be_checked()
    page.locator("#once-2").check()
    expect(page.locator("#other_once")).to_have_value("")
    assert button_text(page) == "Ge 250 kr"


def test_identity_comes_and_goes_with_the_sum(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/")
    expect(page.locator("#identity")).to_be_hidden()
    page.locator("#other_once").fill("2960")
    expect(page.locator("#identity")).to_be_hidden()
    page.locator("#other_once").fill("2961")
    expect(page.locator("#identity")).to_be_visible()
    page.locator("#once-1").check()
    expect(page.locator("#identity")).to_be_hidden()


def test_monthly_cannot_be_chosen_while_it_is_shut(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/")
    expect(page.locator("#frequency-monthly")).to_be_disabled()
    expect(page.locator("#frequency-once")).to_be_checked()


def test_an_error_takes_focus_and_leads_to_its_field(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/?belopp=500")
    page.locator("#name").fill("Björn 🌹")
    page.locator("form.card button[type=submit]").click()
    expect(page.locator("#problem")).to_be_focused()
    assert page.title().startswith("Fel: ")
    expect(page.locator("#name")).to_have_value("Björn 🌹")
    page.get_by_role("link", name="Skriv din e-postadress.").click()
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#once-3")).to_be_checked()


def test_a_link_to_the_amounts_leads_to_the_first_card(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/")
    page.locator("form.card button[type=submit]").click()
    page.get_by_role("link", name="Välj ett belopp.").click()
    expect(page.locator("#once-1")).to_be_focused()


def test_a_phone_shows_one_decision_at_a_time_and_back_goes_a_step_back(
    site: str, new_page: NewPage
) -> None:
    page = new_page(360, 780)
    page.goto(f"{site}/valet/")
    expect(page.locator("#once-1")).to_be_attached()
    expect(page.locator("#name")).to_be_hidden()
    page.locator(".next").click()
    expect(page.locator("#choose")).to_have_text("Välj ett belopp.")
    expect(page.locator("#name")).to_be_hidden()
    page.locator("#once-2").check()
    page.locator(".next").click()
    expect(page.locator("#name")).to_be_visible()
    expect(page.locator(".ladder-once")).to_be_hidden()
    page.locator("#name").fill("Björn")
    page.go_back()
    expect(page.locator(".ladder-once")).to_be_visible()
    expect(page.locator("#once-2")).to_be_checked()
    page.go_forward()
    expect(page.locator("#name")).to_have_value("Björn")
    page.locator(".back").click()
    expect(page.locator(".ladder-once")).to_be_visible()


def test_a_phone_without_a_script_shows_everything(site: str, new_page: NewPage) -> None:
    page = new_page(360, 780, java_script_enabled=False)
    page.goto(f"{site}/valet/")
    expect(page.locator("#name")).to_be_visible()
    expect(page.locator(".next")).to_be_hidden()


def test_without_a_net_nothing_is_sent_and_it_is_said(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/?belopp=500")
    page.context.set_offline(True)
    page.locator("form.card button[type=submit]").click()
    expect(page.locator("#offline")).to_have_text("Du verkar sakna nät. Inget har skickats.")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_have_count(0)


def test_no_other_site_is_asked_and_nothing_is_blocked_or_kept(
    campaign: Campaign, site: str, page: Page
) -> None:
    asked: list[Request] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in ("/valet/", "/en/valet/?amount=3000", "/valet/termometer/", "/om/integritet/"):
        page.goto(f"{site}{path}")
    assert {re.match(r"https?://[^/]+", request.url)[0] for request in asked} == {site}  # type: ignore[index]
    assert said == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_the_form_is_reached_by_keyboard_in_the_order_it_is_read(
    site: str, new_page: NewPage, width: int
) -> None:
    page = new_page(width, 780)
    page.goto(f"{site}/valet/")
    reached = []
    for _ in range(16):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.className")
        )
    wide = ["skip", "payee", "", "frequency-once", "once-1", "other_once", "name", "email"]
    narrow = [*wide[:6], "button next"]
    expected = wide if width == 1280 else narrow
    assert reached[: len(expected)] == expected
