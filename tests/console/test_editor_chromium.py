"""The editor of mails in a real Chromium: written, moved, saved, looked at, and nothing lost."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from fundraise.campaigns.models import Campaign
from mailings.composing import services
from mailings.composing.models import Picture, Template, TemplateVersion
from mailings.composing.sheets import Sheet
from tests.console.conftest import make_user
from tests.console.test_chromium import faults, logged_in, shot
from tests.console.writing import signed

pytestmark = pytest.mark.browser
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].map((e) => [e.getBoundingClientRect().right, e])
  .filter(([right]) => right > innerWidth).map(([_r, e]) => `${e.tagName} ${e.className}`)"""
Opened = tuple[Page, list[str]]


@pytest.fixture
def template(transactional_db: None, campaign: Campaign) -> Template:
    make_user("boss")
    sheets = {language: signed(language) for language in ("sv", "en")}
    return services.create_template(
        entity=campaign.entity, name="Höstbrev", by="staff:1", sheets=sheets
    )


def _open(
    chromium: Browser, live_server: Any, template: Template, width: int = 1280, theme: str = "light"
) -> Opened:
    page, complaints = logged_in(chromium, live_server.url, "sv", width, theme)
    page.goto(f"{live_server.url}/staff/templates/{template.ref}/")
    page.wait_for_selector(".mail-block")
    return page, complaints


def _saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_contain_text("Sparat")


def _sheet(template: Template, language: str = "sv") -> Sheet:
    template.refresh_from_db()
    return services.sheet_of(template, language)


def _kinds(template: Template) -> list[str]:
    return [block.kind for block in _sheet(template).blocks]


def test_a_mail_is_written_by_keyboard_and_every_step_is_kept(
    chromium: Browser, live_server: Any, template: Template
) -> None:
    page, complaints = _open(chromium, live_server, template)
    shot(page, "editor-sv-1280")

    page.fill("[data-subject]", "Tre veckor kvar")
    _saved(page)
    page.locator("#block-b2 textarea").focus()
    page.keyboard.press("Control+End")
    page.locator("#block-b2 .merge").select_option("town")
    page.keyboard.type("byn")
    page.locator("#block-b2 textarea").press("Alt+ArrowUp")
    page.locator("#block-b4 .block-acts button:last-child").press("Enter")
    page.wait_for_selector("text=Termometer togs bort")
    page.keyboard.press("Enter")  # put back: the focus stands on it
    page.locator(".add-block button >> text=Knapp").press("Enter")
    page.keyboard.type("Läs mer")
    expect(page.locator("[data-standing]")).to_have_text("Inget hindrar att det skickas.")
    _saved(page)
    page.wait_for_function(
        "document.querySelector('[data-state]').textContent.startsWith('Sparat')"
    )

    assert _sheet(template).subject == "Tre veckor kvar"
    assert _kinds(template) == [
        "text", "heading", "ask", "thermometer", "text", "signature", "button",
    ]  # fmt: skip
    assert _sheet(template).blocks[0].text.endswith("{{town|byn}}")
    assert _sheet(template).blocks[-1].text == "Läs mer"
    assert faults(page, "editor") == []
    assert complaints == []
    page.context.close()


def test_faults_lead_to_their_place_and_a_version_is_kept_when_none_is_left(
    chromium: Browser, live_server: Any, template: Template
) -> None:
    page, complaints = _open(chromium, live_server, template, 390, "dark")
    page.fill("#block-b1 input", "Hej {{fornamn}}")
    expect(page.locator("[data-standing]")).to_have_text("1 sak att rätta")
    shot(page, "editor-faults-sv-390")
    page.click("text=Rubrik 1")
    assert page.evaluate("document.activeElement.closest('.mail-block').id") == "block-b1"
    page.click("text=Behåll den här versionen")
    page.wait_for_selector("text=Rätta först det som är markerat i rött")
    page.fill("#block-b1 input", "Hej {{first_name|vän}}")
    page.click("text=Behåll den här versionen")  # waits for the save

    page.wait_for_selector("text=Version 1 är sparad")
    assert TemplateVersion.objects.get().sheets["sv"]["blocks"][0]["text"] == (
        "Hej {{first_name|vän}}"
    )
    assert page.evaluate(WIDER) == []
    assert faults(page, "editor") == []
    assert complaints == []
    page.context.close()


def test_two_windows_lose_nothing_and_a_lost_answer_is_sent_again(
    chromium: Browser, live_server: Any, template: Template
) -> None:
    page, complaints = _open(chromium, live_server, template)
    other = page.context.new_page()
    other.goto(page.url)
    other.fill("[data-subject]", "Deras")
    _saved(other)
    page.fill("[data-subject]", "Mitt")
    page.wait_for_selector("text=har sparat det här mejlet efter att du öppnade det")
    shot(page, "editor-stale-sv-1280")
    assert _sheet(template).subject == "Deras"
    assert page.input_value("[data-subject]") == "Mitt"
    page.click("text=Spara mitt över")
    _saved(page)
    assert _sheet(template).subject == "Mitt"

    page.route("**/save/", lambda route: (route.fetch(), route.abort()))
    page.fill("[data-preheader]", "Svaret kom bort")
    page.wait_for_selector("text=Inte sparat: inget svar")
    page.unroute("**/save/")
    _saved(page)
    assert (_sheet(template).preheader, template.edition) == ("Svaret kom bort", 4)
    assert [one for one in complaints if "409" not in one and "ERR_FAILED" not in one] == []
    page.context.close()


def test_the_mail_is_looked_at_as_awkward_people_light_and_dark(
    chromium: Browser, live_server: Any, template: Template
) -> None:
    page, complaints = _open(chromium, live_server, template)
    frame = page.frame_locator("[data-frame=phone]:not([data-fixed]) iframe:not(.coming)")
    expect(frame.locator("h1")).to_have_text("Hej Anna!")
    expect(page.locator("[data-sums]")).to_contain_text("350\u202fkr · 600\u202fkr · 700\u202fkr")
    page.locator("[data-who]").select_option("nameless")
    expect(frame.locator("h1")).to_have_text("Hej!")
    page.locator("[data-who]").select_option("long")
    page.click("[data-theme=dark]")
    expect(frame.locator("h1")).to_contain_text("Wilhelmina")
    assert frame.locator("h1").evaluate("e => getComputedStyle(e).color") == "rgb(244, 239, 232)"
    assert frame.locator("body").evaluate("e => e.scrollWidth <= window.innerWidth")
    page.click("summary >> text=På telefon och dator")
    page.wait_for_function("document.querySelectorAll('.wall iframe:not(.coming)').length === 4")
    shot(page, "editor-wall-sv-1280")

    assert complaints == []
    page.context.close()


def test_a_picture_is_sent_from_its_block_and_stands_in_it(
    chromium: Browser, live_server: Any, template: Template
) -> None:
    page, complaints = _open(chromium, live_server, template, 390)
    page.click(".add-block button >> text=Bild")
    block = page.locator(".mail-block").last
    file: Any = {"name": "torg.png", "mimeType": "image/png", "buffer": _png()}
    block.locator("input[type=file]").set_input_files(file)
    block.locator(".upload input[type=text]").first.fill("Folk på torget")
    block.locator(".upload button").dblclick()
    words = page.locator(".mail-block").last.locator("[data-place=alt]")
    expect(words).to_have_value("Folk på torget")
    _saved(page)
    shot(page, "editor-picture-sv-390")

    row = Picture.objects.get()
    last = _sheet(template).blocks[-1]
    assert (last.picture, last.width, last.alt) == (row.name, 900, "Folk på torget")
    assert complaints == []
    page.goto(f"{live_server.url}/staff/mail-pictures/")
    assert page.locator(".library img").evaluate("e => e.complete && e.naturalWidth") == 900
    shot(page, "pictures-sv-390")
    page.context.close()


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 500), (40, 120, 90)).save(out, "PNG")
    return out.getvalue()
