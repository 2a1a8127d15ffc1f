from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from fundraise.campaigns.models import Campaign
from tests.browser.conftest import NewPage
from tests.browser.faces import gift_faces, make_gift, open_attempt, overflow_of, raise_sums

SMALLEST_TARGET = 44  # WCAG's AAA; what is pressed to give is 56
CONTROLS = "button, a.button, .choice, form.card .field input, .foot nav a, .top a, .tick"


@pytest.fixture(autouse=True)
def _raised(campaign: Campaign) -> None:
    raise_sums(campaign)


def addresses(campaign: Campaign, site: str) -> list[str]:
    gifts = [f"{site}/gava/{ref}/" for ref in gift_faces(campaign).values()]
    return [f"{site}/valet/?belopp=3000", f"{site}/en/valet/?amount=3000", *gifts]


def at_widths(page: Page, *widths: int) -> Iterator[int]:
    """The window made as wide as each of these."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 780})
        yield width


def test_nothing_is_wider_than_the_window(campaign: Campaign, site: str, new_page: NewPage) -> None:
    page = new_page(1280, 780)
    for address in addresses(campaign, site):
        page.goto(address)
        for width in at_widths(page, 320, 360, 768, 1280):
            assert (address, width, overflow_of(page)) == (address, width, 0)


def test_four_hundred_per_cent_zoom_has_one_column(site: str, new_page: NewPage) -> None:
    page = new_page(320, 256)  # what a window of 1280 × 1024 has room for at 400 %
    page.goto(f"{site}/valet/?belopp=3000")
    assert overflow_of(page) == 0
    page.locator(".next").click()
    page.locator("#email").focus()
    box = page.locator("#email").bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 256 - box["height"]


@pytest.mark.parametrize("way", ["of the browser", "of the page"])
def test_text_at_two_hundred_per_cent_loses_nothing(
    campaign: Campaign, site: str, new_page: NewPage, way: str
) -> None:
    page = new_page(1280, 780)
    if way == "of the browser":
        devtools = page.context.new_cdp_session(page)
        devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    for address in addresses(campaign, site):
        page.goto(address)
        if way == "of the page":
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        for width in at_widths(page, 360, 1280):
            assert page.evaluate("getComputedStyle(document.body).fontSize") == "36px"
            assert (address, width, overflow_of(page)) == (address, width, 0)
            assert cut_off(page) == []


def cut_off(page: Page) -> list[str]:
    """Buttons and choices whose words do not fit in them."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('button, a.button, .choice, .tick')]
            .filter(node => node.offsetParent && node.scrollWidth > node.clientWidth + 1)
            .map(node => node.textContent.trim())"""
    )
    return found


def test_everything_to_press_is_large(campaign: Campaign, site: str, new_page: NewPage) -> None:
    page = new_page(1280, 780)
    gift = make_gift(campaign)
    open_attempt(gift)
    for address in (f"{site}/valet/?belopp=3000", f"{site}/gava/{gift.ref}/"):
        page.goto(address)
        for width in at_widths(page, 320, 1280):
            small = page.evaluate(
                """selector => [...document.querySelectorAll(selector)]
                    .filter(node => node.offsetParent && node.getBoundingClientRect().height < 56)
                    .map(node => node.outerHTML.slice(0, 120))""",
                CONTROLS,
            )
            assert (width, small) == (width, [])


def test_the_card_that_is_chosen_is_filled(site: str, new_page: NewPage) -> None:
    page = new_page(1280)
    page.goto(f"{site}/valet/?belopp=500")
    colours = page.evaluate(
        """() => [...document.querySelectorAll('.ladder-once label.choice')]
            .map(node => getComputedStyle(node).backgroundColor)"""
    )
    assert colours[2] == "rgb(11, 93, 78)"
    assert set(colours[:2] + colours[3:]) == {"rgb(255, 255, 255)"}


def test_the_picture_stands_beside_the_form_and_above_it_on_phones(
    campaign: Campaign, site: str, new_page: NewPage, settings: object
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(picture="campaigns/x.jpg")
    wide, narrow = new_page(1280), new_page(360, 780)
    places = []
    for page in (wide, narrow):
        page.goto(f"{site}/valet/")
        boxes = [page.locator(part).bounding_box() for part in (".picture img", "form.card")]
        assert overflow_of(page) == 0
        picture, form = boxes
        assert picture is not None
        assert form is not None
        places.append((picture["x"] + picture["width"] <= form["x"], picture["height"] <= 160))
    assert places == [(True, False), (False, True)]


def test_the_bar_grows_only_for_those_who_want_movement(site: str, new_page: NewPage) -> None:
    still = new_page(1280)
    still.goto(f"{site}/valet/")
    name = "getComputedStyle(document.querySelector('.bar .received')).animationName"
    assert still.evaluate(name) == "none"
    still.emulate_media(reduced_motion="no-preference")
    assert still.evaluate(name) == "grow"
