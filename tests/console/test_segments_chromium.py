"""The builder of segments in a real Chromium: conditions added, counted, turned round and saved."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from mailings.segments import services
from mailings.segments.models import Segment
from tests.console.conftest import make_user
from tests.console.test_chromium import faults, logged_in, shot
from tests.console.test_segments import members
from tests.donors.givers import register

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def segment(transactional_db: None, campaign: Campaign) -> Segment:
    make_user("boss")
    donors = [register(given=f"Person{n}", email=f"p{n}@example.se") for n in range(3)]
    members(donors)
    Donor.objects.filter(pk=donors[0].pk).update(language="en")
    return services.create_segment(name="Vårens givare", tree={"all": []}, by="staff:1")


def test_a_segment_is_built_counted_explained_and_saved(
    chromium: Browser, live_server: Any, segment: Segment
) -> None:
    page, complaints = logged_in(chromium, live_server.url, "sv", 1280, "light")
    page.goto(f"{live_server.url}/staff/segments/{segment.ref}/")
    expect(page.locator("[data-number]")).to_have_text("3")

    page.locator(".adding select").first.select_option(label="Språk")
    expect(page.locator("[data-number]")).to_have_text("2")
    page.locator(".turn input").first.check()
    expect(page.locator("[data-number]")).to_have_text("1")
    expect(page.locator("[data-sentence]")).to_have_text("Alla som inte läser svenska.")
    page.get_by_text("+ Lägg till en grupp").first.click()
    page.locator(".group .group .adding select").select_option(label="Summa som getts")
    expect(page.locator("[data-number]")).to_have_text("0")
    expect(page.locator("[data-targeting]")).to_contain_text("gav minst 500 kr sammanlagt")
    shot(page, "segment-sv-1280")
    page.fill("#segment-why", "Person1 Lind")
    page.get_by_text("Säg varför").click()
    expect(page.locator("[data-answer]")).to_contain_text("är inte med")
    page.get_by_text("Visa tio personer").click()
    expect(page.locator("[data-people]")).to_contain_text("Ingen som du får öppna")
    page.locator("[data-save] button").click()
    page.wait_for_selector("text=Sparat som version 2.")

    assert segment.versions.get(number=2).tree == {
        "all": [
            {"not": {"is": "language", "one_of": ["sv"]}},
            {"any": [{"is": "gave", "measure": "sum", "at_least": 500_00,
                      "during": {"last": 12, "unit": "months"}}]},
        ]
    }  # fmt: skip
    assert faults(page, "segment") == []
    assert complaints == []
    page.context.close()


def test_what_is_no_number_is_neither_counted_nor_saved_and_nothing_built_is_lost(
    chromium: Browser, live_server: Any, segment: Segment
) -> None:
    page, _complaints = logged_in(chromium, live_server.url, "sv", 360, "light")
    page.goto(f"{live_server.url}/staff/segments/{segment.ref}/")
    page.locator(".adding select").first.select_option(label="Summa som getts")
    expect(page.locator("[data-number]")).to_have_text("0")
    least = page.get_by_label("Minst").first
    least.fill("1.000")
    expect(page.locator("[data-state]")).to_have_text("Värdet går inte att använda här.")
    expect(page.locator("[data-number]")).to_have_text("–")
    page.locator("[data-save] button").click()
    page.wait_for_url("**/save/")
    assert segment.versions.count() == 1
    expect(least).to_have_value("1.000")
    expect(least).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-unsaved]")).to_be_visible()

    least.fill("1 000 kr")
    expect(page.locator("[data-sentence]")).to_contain_text("minst 1 000 kr")
    page.locator("[data-save] button").click()
    page.wait_for_selector("text=Sparat som version 2.")
    assert segment.versions.get(number=2).tree["all"][0]["at_least"] == 1000_00
    assert fits_window(page)
    page.context.close()


def fits_window(page: Page) -> bool:
    return bool(page.evaluate(WIDER))


@pytest.mark.parametrize(
    ("language", "width", "theme"), [("en", 360, "dark"), ("sv", 360, "light")]
)
def test_a_deep_segment_fits_a_narrow_page(
    chromium: Browser, live_server: Any, segment: Segment, language: str, width: int, theme: str
) -> None:
    deep: dict[str, Any] = {"all": [
        {"any": [
            {"is": "gave", "measure": "gifts", "at_least": 2, "during": {"year": -1}},
            {"all": [
                {"not": {"is": "pledge", "states": ["active", "paused"]}},
                {"any": [{"is": "postcode", "ranges": ["114", "120-139"]},
                         {"is": "town", "one_of": ["Stockholm"]}]},
            ]},
        ]},
        {"is": "last_gift", "when": {"from": "2025-01-01", "to": "2026-06-30"}},
    ]}  # fmt: skip
    services.save_version(segment_id=segment.pk, tree=deep, made_from=1, by="staff:1")
    page, complaints = logged_in(chromium, live_server.url, language, width, theme)
    page.goto(f"{live_server.url}/staff/segments/{segment.ref}/")
    expect(page.locator("[data-number]")).to_have_text("0")
    shot(page, f"segment-{language}-{width}-{theme}")

    assert page.evaluate(WIDER)
    assert faults(page, "segment") == []
    assert complaints == []
    page.goto(f"{live_server.url}/staff/segments/")
    shot(page, f"segments-{language}-{width}-{theme}")
    assert page.evaluate(WIDER)
    page.context.close()
