"""Every face of every page, in both languages, light and dark, as axe and the window see it.

With FUNDRAISE_SCREENSHOTS=1 each is also kept in screenshots/ at 360 and 1280 pixels, to be looked
at by people.
"""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page

from fundraise.campaigns.models import Campaign
from fundraise.providers.models import Account
from tests import axe
from tests.browser.conftest import NewPage
from tests.browser.faces import (
    LOOKS,
    SHOTS,
    TURNS,
    fault_list,
    gift_faces,
    overflow_of,
    raise_sums,
)

KEEPS = os.environ.get("FUNDRAISE_SCREENSHOTS") == "1"
WIDTHS = (360, 1280) if KEEPS else (360,)
PATHS = {
    "sv": ("", "gava", "termometer", "om/integritet", "om/tillganglighet", "badda-in"),
    "en": ("/en", "gift", "thermometer", "about/privacy", "about/accessibility", "embed"),
}


@pytest.fixture
def addresses(campaign: Campaign, site: str) -> dict[str, dict[str, str]]:
    """Every face of every page by name, for each language."""
    raise_sums(campaign)
    Account.objects.create(
        entity=campaign.entity,
        provider="swish_number",
        slug="number",
        name="Swish",
        external_id="1231231231",
    )
    refs = gift_faces(campaign)
    found = {}
    for language, (start, gift, thermometer, privacy, accessibility, embed) in PATHS.items():
        base = f"{site}{start}"
        found[language] = {
            "donate": f"{base}/valet/",
            "donate-chosen": f"{base}/valet/?belopp=500",
            "donate-large": f"{base}/valet/?belopp=3000",
            "thermometer": f"{base}/valet/{thermometer}/",
            "embed": f"{base}/valet/{embed}/",
            "privacy": f"{base}/{privacy}/",
            "accessibility": f"{base}/{accessibility}/",
            "missing": f"{base}/nix/",
            "gift-cancelled": f"{base}/{gift}/{refs['open']}/?avbruten=1",
            **{f"gift-{name}": f"{base}/{gift}/{ref}/" for name, ref in refs.items()},
        }
    return found


def look(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands; the page is kept as a picture when asked."""
    if KEEPS:
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    faults = [f"{overflow_of(page)} pixels too wide"] if overflow_of(page) > 0 else []
    return [f"{name}: {fault}" for fault in (*faults, *fault_list(page))]


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_state_is_free_of_faults(
    addresses: dict[str, dict[str, str]], new_page: NewPage, language: str, scheme: str
) -> None:
    faults = []
    for width in WIDTHS:
        page = new_page(width, 780, color_scheme=scheme)
        for name, address in axe.by_turns(addresses[language], TURNS[language]).items():
            page.goto(address)
            faults += look(page, f"{name}-{language}-{scheme}-{width}")
    assert faults == []


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_the_form_is_free_of_faults_as_it_is_filled_in(
    addresses: dict[str, dict[str, str]], new_page: NewPage, language: str, scheme: str
) -> None:
    faults = []
    for width in WIDTHS:
        page = new_page(width, 780, color_scheme=scheme)
        end = f"{language}-{scheme}-{width}"
        page.goto(addresses[language]["donate"])
        page.locator("form.card").evaluate("form => form.submit()")
        page.wait_for_selector("#problem")
        faults += look(page, f"donate-errors-{end}")
        page.goto(addresses[language]["donate-large"])
        if width < 640:
            page.locator(".next").click()
        page.locator("#identity").wait_for(state="visible")
        faults += look(page, f"donate-step-two-{end}")
    assert faults == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_closed_campaign_is_free_of_faults(
    addresses: dict[str, dict[str, str]], campaign: Campaign, new_page: NewPage, language: str
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(status="closed")
    faults = []
    for width in WIDTHS:
        page = new_page(width, 780)
        page.goto(addresses[language]["donate"])
        faults += look(page, f"closed-{language}-light-{width}")
    assert faults == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_state_stands_in_forced_colours(
    addresses: dict[str, dict[str, str]], new_page: NewPage, language: str
) -> None:
    page = new_page(360, 780, forced_colors="active")
    for name in ("donate-large", "gift-received", "gift-swish", "gift-declined-twice"):
        page.goto(addresses[language][name])
        assert look(page, f"{name}-{language}-forced-360") == []
