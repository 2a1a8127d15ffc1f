from __future__ import annotations

import pytest
from playwright.sync_api import Page

from fundraise.gifts.models import Gift
from tests.browser.test_paying import at_stripe, running, stripe
from tests.stripe_stand_in import StripeStandIn

__all__ = ["running", "stripe"]


def test_the_whole_way_goes_by_keyboard(site: str, stripe: StripeStandIn, page: Page) -> None:
    page.goto(f"{site}/valet/")
    keys = page.keyboard

    def tab_to(selector: str) -> None:
        for _ in range(25):
            if page.locator(selector).evaluate("node => node === document.activeElement"):
                return
            keys.press("Tab")
        pytest.fail(f"{selector} is not reached")

    tab_to("#once-1")
    keys.press("ArrowDown")
    tab_to("#name")
    keys.type("Björn Öberg")
    tab_to("#email")
    keys.type("bjorn@example.org")
    tab_to("#register")
    keys.press("Space")
    tab_to("form.card button[type=submit]")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    keys.press("Enter")
    at_stripe(page, stripe)
    assert Gift.objects.get().amount_ore == 250_00
