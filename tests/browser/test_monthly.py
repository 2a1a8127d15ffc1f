"""The whole sign-up for every month, as a person does it on a phone, with and without a script."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fundraise.campaigns.models import Campaign
from fundraise.pledges import sealing, signed
from fundraise.pledges.models import Mandate, Pledge
from tests.browser.conftest import NewPage
from tests.browser.faces import LOOKS, overflow_of
from tests.browser.test_faces import look
from tests.give.monthly import open_monthly

NUMBER, ACCOUNT = "19811228-9874", "8424-4 983 189 224-6"
# What can be filled in now: a group of radios is one input.
INPUTS = """() => [...new Set([...document.querySelectorAll("form.card input, form.card select")]
  .filter((input) => input.type !== "hidden" && input.checkVisibility({visibilityProperty: true})
    && !(input.type === "text" && input.name.startsWith("other_")))
  .map((input) => input.name))]"""


@pytest.fixture(autouse=True)
def _open(campaign: Campaign) -> None:
    open_monthly(campaign, first=True)


def write(page: Page) -> None:
    page.locator("#name").fill("Anna Ek")
    page.locator("#email").fill("anna@example.org")
    page.locator("#payer_number").fill(NUMBER)
    page.locator("#account").fill(ACCOUNT)
    page.locator("#mandate").check()
    page.locator("#register").check()


def send(page: Page) -> None:
    page.locator("form.card button[type=submit]").click()
    page.wait_for_url(re.compile("/manadsgava/|/monthly/"))


def said(page: Page, place: str) -> str:
    return re.sub(r"\s+", " ", page.locator(place).inner_text().replace("\u202f", " ")).strip()


def test_a_whole_sign_up_at_360_pixels(site: str, new_page: NewPage) -> None:
    page = new_page(360, 780)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"{site}/valet/")
    expect(page.locator("#frequency-monthly")).to_be_checked()
    inputs = list(page.evaluate(INPUTS))
    page.locator("#monthly-3").check()
    page.locator(".next").click()
    inputs += page.evaluate(INPUTS)
    assert inputs == ["frequency", "amount_monthly", "name", "email", "payer_number", "account",
                      "mandate", "register", "appeals", "targeting"]  # fmt: skip
    for freely in ("#appeals", "#targeting"):
        expect(page.locator(freely)).not_to_be_checked()
    loaded.clear()
    write(page)
    assert said(page, "form.card button[type=submit]") == "Ge 200 kr varje månad"
    assert "Första gången" in said(page, ".act")
    assert overflow_of(page) == 0
    assert [url for url in loaded if "/konto/bank/" not in url] == []
    send(page)
    expect(page.locator("h1")).to_contain_text("Tack från Framtidspartiet")
    pledge, mandate = Pledge.objects.get(), Mandate.objects.get()
    assert (pledge.state, pledge.amount_ore, mandate.state) == ("pending", 200_00, "created")
    assert sealing.details_of(mandate).account16 == "8424009831892246"
    assert page.evaluate("sessionStorage.length") == 0
    assert page.context.cookies() == []


def test_a_whole_sign_up_without_a_script(site: str, new_page: NewPage, settings: Any) -> None:
    settings.FORM_MIN_SECONDS = 0
    page = new_page(360, 780, java_script_enabled=False)
    page.goto(f"{site}/en/valet/?amount=200&frequency=monthly")
    button = page.locator("form.card button[type=submit]")
    assert button.inner_text() == "Give 200\u202fkr every month"
    page.locator("summary", has_text="Another day").click()
    page.locator("#day-31").check()
    page.locator("#every-3").check()
    visible = [one.inner_text() for one in page.locator(".on").all() if one.is_visible()]
    assert len(visible) == 1
    assert "the last bank day every quarter" in visible[0].replace(",", "")
    assert button.inner_text() == "Give 200\u202fkr every quarter"
    write(page)
    send(page)
    pledge = Pledge.objects.get()
    assert (pledge.state, pledge.day, pledge.interval_months) == ("pending", 31, 3)


def test_the_bank_is_named_and_only_the_clearing_number_leaves_the_browser(
    site: str, page: Page
) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(f"{site}/valet/", wait_until="networkidle")
    sent.clear()
    page.locator("#account").press_sequentially("8424-4 983 189 224-6")
    expect(page.locator("#account-said")).to_have_text("Swedbank")
    assert sent == [f"{site}/konto/bank/?clearing=8424"]
    page.locator("#account").fill("5102 0158752")
    page.locator("#account").blur()
    expect(page.locator("#account-said")).to_contain_text("En siffra är fel")
    page.locator("#account").fill("5102 015875")
    page.locator("#account").blur()
    expect(page.locator("#account-said")).to_contain_text("Siffror saknas")
    page.locator("#account").fill("9918 1234567")
    expect(page.locator("#account-said")).to_contain_text("Vi känner inte till någon bank")
    page.locator("#payer_number").fill("19811228-9875")
    page.locator("#payer_number").blur()
    expect(page.locator("#payer_number-said")).to_contain_text("En siffra är fel")
    assert [url for url in sent if NUMBER[:6] in url or "0158" in url] == []


def test_what_was_written_survives_a_reload_but_never_the_personal_number(
    site: str, page: Page
) -> None:
    page.goto(f"{site}/valet/")
    page.locator("#monthly-2").check()
    write(page)
    page.locator("summary", has_text="En annan dag").click()
    page.locator("#day-25").check()
    kept = json.loads(page.evaluate("Object.values(sessionStorage)[0]"))
    assert kept == {
        "frequency": "monthly", "amount_monthly": "10000", "name": "Anna Ek",
        "email": "anna@example.org", "account": ACCOUNT, "day": "25", "every": "1",
        "payer": "person", "monthly_way": "autogiro",
    }  # fmt: skip
    page.reload()
    assert page.locator("#name").input_value() == "Anna Ek"
    assert page.locator("#account").input_value() == ACCOUNT
    expect(page.locator("#account-said")).to_have_text("Swedbank")
    expect(page.locator("#day-25")).to_be_checked()
    assert page.locator("#payer_number").input_value() == ""
    assert page.evaluate("localStorage.length") == 0


def test_an_organisation_is_asked_for_its_own_numbers(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/")
    page.locator("summary", has_text="Ger du för en organisation").click()
    page.locator("#payer-organisation").check()
    labels = [said(page, f"label[for={name}]") for name in ("payer_number", "account")]
    assert labels == ["Organisationsnummer", "Clearingnummer och kontonummer"]
    expect(page.locator("#payer-bankgiro")).to_have_count(0)  # signed on paper, or with BankID
    page.locator("summary", has_text="Läs medgivandet").click()
    assert "uttag från angivet konto eller" in said(page, ".paper")


def test_a_card_asks_for_no_account(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/?belopp=200&frekvens=manad")
    page.locator("summary", has_text="Hellre med kort").click()
    page.locator("#monthly-by-card").check()
    for place in ("#account", "#payer_number", "#mandate"):
        expect(page.locator(place)).to_be_hidden()
    assert said(page, ".when.card-only").startswith("Första gången nu, på nästa sida, nästa gång")


def test_once_asks_for_none_of_it(site: str, page: Page) -> None:
    page.goto(f"{site}/valet/")
    page.locator("#frequency-once").check()
    for place in ("#account", "#payer_number", "#mandate", ".when"):
        expect(page.locator(place).first).to_be_hidden()


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_the_form_and_what_follows_are_free_of_faults(
    site: str, new_page: NewPage, language: str, scheme: str
) -> None:
    page = new_page(360, 780, color_scheme=scheme)
    page.goto(f"{site}{'/en' if language == 'en' else ''}/valet/")
    page.locator("#monthly-3").check()
    page.locator(".next").click()
    for fold in page.locator("details.rare > summary").all():
        if fold.is_visible():
            fold.click()
    faults = look(page, f"monthly-form-{language}-{scheme}-360")
    page.locator("form.card button[type=submit]").click()
    page.wait_for_selector("#problem")
    faults += look(page, f"monthly-wrong-{language}-{scheme}-360")
    write(page)
    send(page)
    faults += look(page, f"monthly-thanks-{language}-{scheme}-360")
    page.goto(page.locator(".papers a").first.get_attribute("href") or "")
    faults += look(page, f"monthly-mandate-{language}-{scheme}-360")
    page.goto(signed.url("disown", Mandate.objects.get().ref, language))
    faults += look(page, f"monthly-disown-{language}-{scheme}-360")
    page.locator("main button").click()
    page.wait_for_selector(".state.done")
    faults += look(page, f"monthly-disowned-{language}-{scheme}-360")
    assert faults == []


def test_bankid_goes_on_by_itself(site: str, page: Page, settings: Any) -> None:
    settings.MANDATE_SIGNING = "bankid"
    page.goto(f"{site}/valet/?belopp=100&frekvens=manad")
    page.locator("#name").fill("Anna Ek")
    page.locator("#email").fill("anna@example.org")
    page.locator("#payer_number").fill(NUMBER)
    page.locator("#account").fill(ACCOUNT)
    page.locator("#register").check()
    send(page)
    page.locator("main form button").first.click()
    expect(page.locator("h1")).to_contain_text("Tack från Framtidspartiet", timeout=20_000)
    assert Pledge.objects.get().state == "pending"
