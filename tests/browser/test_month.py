"""A month closed by a treasurer with a mouse: from the menu to the pack and the file, counted."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.ledger.models import Period
from fundraise.ledger.services import EntryDraft
from fundraise.ledger.sie_strict.judge import faults
from fundraise.reconciliation import exceptions
from fundraise.reporting.books.models import BookExport, MonthSignature, PackFile
from tests.console.conftest import make_user
from tests.console.test_chromium import faults as barriers
from tests.console.test_chromium import is_too_wide, logged_in, shot
from tests.reporting.books.posting import post

SECONDS_A_CLICK = 20  # to read what stands there, decide and press
TEN_MINUTES = 600


class Hand:
    """Somebody's hand on a page: counts what it presses and writes."""

    def __init__(self, page: Page) -> None:
        self.page, self.moves = page, 0

    def press(self, what: str) -> None:
        self.moves += 1
        self.page.click(what)

    def write(self, where: str, text: str) -> None:
        self.moves += 1
        self.page.fill(where, text)

    def save(self, what: str, folder: Path) -> bytes:
        with self.page.expect_download() as saved:
            self.press(what)
        path = folder / saved.value.suggested_filename
        saved.value.save_as(path)
        return path.read_bytes()


@pytest.mark.long
def test_a_month_is_closed_in_under_ten_minutes_of_clicks(
    campaign: Campaign, live_server: Any, chromium: Browser, tmp_path: Path
) -> None:
    make_user("boss", "treasurer")
    last = clock.today().replace(day=1) - timedelta(days=1)
    for n in range(40):
        gift = EntryDraft("stripe", "gifts", 100_00 + n, campaign.dimension_id)
        post(campaign.entity, f"gift:{n}", gift, day=last.replace(day=1 + n % 28))
    with time_machine.travel(datetime.combine(last, time(9), tzinfo=UTC)):
        exceptions.open_("gap", "statement:x:day", entity_id=campaign.entity_id)
    page, complaints = logged_in(chromium, live_server.url, "sv", 390)
    hand = Hand(page)

    page.set_viewport_size({"width": 1280, "height": 900})
    hand.press("nav >> text=Månader")
    hand.press("table >> a")
    for _ in range(2):
        hand.write("input[name=comment] >> nth=0", "Känt, väntar på banken")
        hand.press("button >> text=Signera >> nth=0")
    assert not is_too_wide(page, 390)
    shot(page, "flow-month-sv-390")
    page.set_viewport_size({"width": 1280, "height": 900})
    hand.press("button >> text=Stäng månaden")
    page.wait_for_selector("text=Månaden är stängd")
    work.run(Work.objects.get(kind="month_pack").pk)  # the page looks again by itself
    page.wait_for_selector("a >> text=/avstamning.*pdf/")
    shot(page, "flow-month-closed-sv-1280")
    assert barriers(page, "month") == []
    pdf = hand.save("a >> text=/avstamning.*pdf/", tmp_path)
    hand.press("a >> text=/SIE 4I/")
    sie = hand.save("button >> text=Hämta filen", tmp_path)

    assert complaints == []
    assert hand.moves * SECONDS_A_CLICK < TEN_MINUTES
    assert Period.objects.get().state == "locked"
    assert MonthSignature.objects.count() == 2
    assert pdf == bytes(PackFile.objects.get(media_type="application/pdf").content)
    made = BookExport.objects.get()
    assert (sie, made.journals, faults(sie)) == (bytes(made.content), 40, [])
