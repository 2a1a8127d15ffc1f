"""The match page by the keyboard in a real Chromium: no key waits, a slip costs nothing."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.reconciliation import inbox
from fundraise.reconciliation.models import Item, Match
from tests.console.conftest import LogIn, make_user
from tests.console.test_chromium import faults, logged_in, shot
from tests.console.test_treasury_bank import bank_of, booked, press
from tests.reconciliation.house import ADMIN
from tests.reconciliation.test_inbox import donor_with, take
from tests.reconciliation.written import Book, one

pytestmark = pytest.mark.browser
FULL = os.environ.get("SCALE") == "full"
ROWS = 100 if FULL else 5
PACE = 1000 if FULL else 50  # milliseconds between two decisions
WIDER = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def suggested(transactional_db: None, campaign: Campaign) -> list[Match]:
    """Lines that are likely the gifts of one donor, the smallest first."""
    make_user("boss")
    bank = bank_of(campaign)
    anna = donor_with("1234567897", bank)
    paid = [
        one(1_00 * n, name="Anna Lind", message="Stöd", ref=f"B{n}") for n in range(1, ROWS + 1)
    ]
    inbox.book(take(Book().day(*paid)).pk, by=ADMIN)
    items = list(Item.objects.order_by("amount_ore"))
    Item.objects.update(state="suggested")
    made = [
        Match(item=item, state="suggested", kind="gift", by="system:rules", made_at=clock.now(),
              donor=anna, campaign=campaign, makes_gift=True,
              evidence={"found": ["name", "sum", "waiting"]})
        for item in items
    ]  # fmt: skip
    return Match.objects.bulk_create(made)


def states() -> list[str]:
    return list(Item.objects.order_by("amount_ore").values_list("state", flat=True))


@pytest.mark.long
def test_suggestions_are_cleared_by_the_keyboard_and_a_slip_is_taken_back(
    chromium: Browser, live_server: Any, suggested: list[Match]
) -> None:
    page, complaints = logged_in(chromium, live_server.url, "sv", 1280, "light")
    page.goto(f"{live_server.url}/staff/bank/match/")
    told = page.locator(".match .told")
    page.keyboard.press("x")
    page.keyboard.press("u")  # before it was sent: nothing has happened
    assert states() == ["suggested"] * ROWS
    page.keyboard.press("x")
    expect(told.first).to_have_text("Bland de okända.")
    page.keyboard.press("u")  # after it: undone at the server, and suggested again
    expect(told.first).to_be_hidden()
    assert states() == ["suggested"] * ROWS
    page.keyboard.press("Enter")
    expect(told.first).to_have_text("Bokförd.")
    page.keyboard.press("u")
    expect(told.first).to_be_hidden()
    assert (states(), Gift.objects.get().refunded_ore) == (["suggested"] * ROWS, 1_00)
    _looks(page)
    began = time.monotonic()
    for _row in range(ROWS):
        page.keyboard.press("Enter")
        page.wait_for_timeout(PACE)
    expect(page.locator(".match[data-said=yes]")).to_have_count(ROWS, timeout=30_000)
    expect(page.locator(".progress")).to_have_text(
        "Alla är bestämda. Tryck Enter för nästa.", timeout=30_000
    )
    print(f"{ROWS} suggestions: {ROWS} presses, {time.monotonic() - began:.0f} s")  # noqa: T201
    assert states() == ["matched"] * ROWS
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Inget väntar här.")
    assert complaints == []
    page.context.close()


def _looks(page: Page) -> None:
    """No wider than its window, nothing for axe to find, in what light it stands."""
    for width, theme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.reload()
        page.keyboard.press("j")
        shot(page, f"match-{width}-{theme}")
        assert page.evaluate(WIDER)
        assert faults(page, "match") == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("k")


@pytest.mark.parametrize(("language", "width"), [("sv", 1280), ("en", 360)])
def test_links_to_the_parts_of_a_line_are_hit_by_a_finger(
    chromium: Browser, live_server: Any, transactional_db: None, campaign: Campaign,
    log_in: LogIn, language: str, width: int,
) -> None:  # fmt: skip
    make_user("boss")
    david = log_in("david", "treasurer")
    item = booked(david, bank_of(campaign))
    press(david, "split_item", item.ref, sums="30; 20; 20")
    page, complaints = logged_in(chromium, live_server.url, language, width, "light")
    page.goto(live_server.url + reverse("console:bank_item", args=[item.ref]))

    parts = page.locator(".plain > li a").all()
    boxes = [box for part in parts if (box := part.bounding_box()) is not None]
    assert [box["height"] >= 24 for box in boxes] == [True] * 3
    assert [box["width"] >= 24 for box in boxes] == [True] * 3
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"], "no target lies over another"
    assert faults(page, "parts") == []
    shot(page, f"parts-{language}-{width}")
    assert complaints == []
