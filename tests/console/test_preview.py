"""The donation page beside its form: what is typed is shown, nothing is saved, nothing is given."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, expect

from fundraise.campaigns.models import Campaign
from fundraise.providers.models import Account
from tests.console.conftest import make_user
from tests.console.house import House, furnish
from tests.console.matrix import _words
from tests.console.test_chromium import logged_in, shot
from tests.console.test_front import rows


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    return furnish(campaign, stripe)


def typed(house: House, **changes: Any) -> dict[str, Any]:
    return {**_words(house), **changes}


def test_preview_shows_what_is_typed_and_saves_nothing(house: House, cecilia: Client) -> None:
    before, title = rows(), house.campaign.title_sv

    answer = cecilia.post(
        f"/staff/campaigns/{house.campaign.ref}/preview/",
        typed(house, title_sv="Nya ord <b>", theme_colour="#aa0000", amounts_once="75; 150"),
    )

    text = answer.content.decode()
    assert "Nya ord &lt;b&gt;" in text
    assert "75" in text
    house.campaign.refresh_from_db()
    assert (house.campaign.title_sv, rows()) == (title, before)


def test_preview_is_dead_in_its_words_its_form_and_its_policy(
    house: House, cecilia: Client
) -> None:
    answer = cecilia.post(f"/staff/campaigns/{house.campaign.ref}/preview/", typed(house))

    text, policy = answer.content.decode(), answer["Content-Security-Policy"]
    assert "<body inert>" in text
    assert 'action="#"' in text
    assert 'method="post"' not in text
    assert 'name="token" value=""' in text
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    ("language", "theme", "title", "scheme"),
    [
        ("sv", "light", "Två miljoner", "@media not all"),
        ("en", "dark", "Two million", "@media all"),
    ],
)
def test_preview_is_in_the_chosen_language_and_theme(
    language: str, theme: str, title: str, scheme: str, house: House, cecilia: Client
) -> None:
    form = typed(house, preview_language=language, preview_theme=theme)

    text = cecilia.post(f"/staff/campaigns/{house.campaign.ref}/preview/", form).content.decode()

    assert f"<h1>{title}</h1>" in text
    assert f"color-scheme: {theme}" in text
    assert scheme in text
    assert "prefers-color-scheme" not in text


def test_field_that_is_wrong_shows_what_is_saved(house: House, cecilia: Client) -> None:
    form = typed(house, goal_ore="many", title_sv="Nytt")

    text = cecilia.post(f"/staff/campaigns/{house.campaign.ref}/preview/", form).content.decode()

    assert "Nytt" in text
    assert "2\u202f000\u202f000\u202fkr" in text


def test_campaign_that_is_not_made_yet_is_shown_too(campaign: Campaign, cecilia: Client) -> None:
    before = rows()

    text = cecilia.post("/staff/campaigns/new/preview/", {"title_sv": "Helt ny"}).content.decode()

    assert "Helt ny" in text
    assert rows() == before


def test_only_the_page_with_the_preview_may_hold_a_frame(house: House, cecilia: Client) -> None:
    with_frame = cecilia.get(f"/staff/campaigns/{house.campaign.ref}/")
    without = cecilia.get("/staff/campaigns/")

    assert "frame-src 'self'" in with_frame["Content-Security-Policy"]
    assert "frame-src" not in without["Content-Security-Policy"]


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("sv", 1280), ("en", 390)])
def test_preview_follows_what_is_typed(
    language: str, width: int, transactional_db: None, chromium: Browser, live_server: Any,
    campaign: Campaign, stripe: Account,
) -> None:  # fmt: skip
    make_user("boss")
    page, complaints = logged_in(chromium, live_server.url, language, width)
    page.goto(f"{live_server.url}/staff/campaigns/{campaign.ref}/")
    stage = page.frame_locator(".stage iframe:not(.coming)")
    expect(stage.locator("h1")).to_have_text("Två miljoner till valet")

    page.fill("#id_title_sv", "Ett nytt namn")
    expect(stage.locator("h1")).to_have_text("Ett nytt namn")
    shot(page, f"preview-{language}-{width}")
    page.select_option("[name=preview_theme]", "dark")
    page.select_option("[name=preview_language]", "en")
    expect(stage.locator("html")).to_have_attribute("lang", "en")
    page.select_option("#preview-width", "wide")
    shot(page, f"preview-dark-{language}-{width}")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert complaints == []
    campaign.refresh_from_db()
    assert campaign.title_sv == "Två miljoner till valet"
    page.go_back()
    assert page.url == f"{live_server.url}/staff/"
    page.context.close()


def test_place_for_a_new_picture_is_empty_and_nothing_is_saved(
    house: House, cecilia: Client
) -> None:
    url, before = f"/staff/campaigns/{house.campaign.ref}/preview/", rows()

    with_place = cecilia.post(url, typed(house, preview_picture="1", picture_alt_sv="Ett torg"))
    without = cecilia.post(url, typed(house))

    assert '<img alt="Ett torg">' in with_place.content.decode()
    assert 'class="picture"' not in without.content.decode()
    assert "blob:" in with_place["Content-Security-Policy"]
    assert "blob:" not in cecilia.get("/staff/campaigns/")["Content-Security-Policy"]
    assert rows() == before


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("sv", 1280), ("en", 390)])
def test_new_picture_is_seen_before_it_is_saved_and_never_leaves_the_form(
    language: str, width: int, transactional_db: None, chromium: Browser, live_server: Any,
    campaign: Campaign, stripe: Account,
) -> None:  # fmt: skip
    make_user("boss")
    page, complaints = logged_in(chromium, live_server.url, language, width)
    page.goto(f"{live_server.url}/staff/campaigns/{campaign.ref}/")
    stage = page.frame_locator(".stage iframe:not(.coming)")
    expect(stage.locator(".picture")).to_have_count(0)
    sent: list[bytes] = []
    page.on("request", lambda asked: sent.append(asked.post_data_buffer or b""))

    file: Any = {"name": "torget.png", "mimeType": "image/png", "buffer": png(160, 90)}
    page.set_input_files("#id_picture", file)

    picture = stage.locator(".picture img")
    expect(picture).to_have_js_property("naturalWidth", 160)
    shot(page, f"preview-picture-{language}-{width}")
    page.fill("#id_title_sv", "Nytt")  # the next look shows it too
    expect(stage.locator("h1")).to_have_text("Nytt")
    expect(picture).to_have_js_property("naturalWidth", 160)
    assert [body for body in sent if b"torget.png" in body or b"\x89PNG" in body] == []
    assert complaints == []
    page.context.close()


def png(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, "PNG")
    return made.getvalue()
