"""An appeal by a person at a phone: written, chosen, checked, scheduled and seen on its way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from fundraise import clock
from fundraise.campaigns.models import Campaign
from mailings.appeals.models import Appeal
from mailings.appeals.services import settling, writing
from tests.console import asking
from tests.console.conftest import make_user
from tests.console.house import House
from tests.console.test_appeals import house as _house
from tests.console.test_chromium import faults, logged_in, shot
from tests.console.writing import signed
from tests.mailings.appeals.house import people, written

pytestmark = pytest.mark.browser
house = _house


def fits(page: Page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.long
def test_appeal_is_written_chosen_checked_scheduled_and_stopped_on_a_phone(
    transactional_db: None, campaign: Campaign, chromium: Browser, live_server: Any, settings: Any
) -> None:
    settings.APPEAL_QUIET_FROM = settings.APPEAL_QUIET_UNTIL = 0
    make_user("boss")
    people(3)
    page, complaints = logged_in(chromium, live_server.url, "sv", 360)
    page.goto(f"{live_server.url}/staff/appeals/")
    page.click("text=Nytt utskick")
    page.fill("#id_title", "Sista veckan")
    page.click("text=Börja skriva")

    page.select_option("#begin-from", "appeal")
    page.click("button >> text=Börja från den")
    row = Appeal.objects.get()
    finish_words(row)

    page.goto(f"{live_server.url}/staff/appeals/{row.ref}/people/")
    page.wait_for_selector("text=3 personer just nu")
    assert not page.locator("#id_segment").is_visible()
    page.check("text=Ett urval")
    assert page.locator("#id_segment").is_visible()
    page.check("text=Alla som får frågas")
    page.click("summary >> text=Hur det sprids")
    page.fill("#id_holdout_percent", "40")
    page.wait_for_selector("dt >> text=får inget, att jämföra med")
    shot(page, "flow-people-sv-360")
    assert fits(page)
    page.click("text=Spara och gå vidare")

    page.click("text=Vidare: Kontrollera")
    page.wait_for_selector("text=Inget står i vägen")
    shot(page, "flow-check-sv-360")
    assert fits(page)
    page.click("text=Vidare: Schemalägg")
    at = clock.now() + timedelta(days=2)
    page.fill("#id_local_time", at.strftime("%Y-%m-%dT12:03"))
    page.click("text=Se vad som kommer att hända")
    page.wait_for_selector("strong >> text=Skicka till 3 personer")
    other = another_window(page, at.strftime("%Y-%m-%dT13:03"))
    shot(page, "flow-sure-sv-360")
    assert fits(page)
    page.click("button >> text=Skicka till 3 personer")

    page.wait_for_selector("text=Inget skickas de närmaste")
    shot(page, "flow-live-sv-360")
    assert fits(page)
    assert faults(page, "live") == []
    assert Appeal.objects.get().state == "scheduled"
    other.click("button >> text=Skicka till 3 personer")
    other.wait_for_selector("text=schemalades under tiden")
    assert Appeal.objects.get().local_time == at.strftime("%Y-%m-%dT12:03")
    page.click("text=Stoppa: gör det till utkast igen")
    page.wait_for_selector("text=det är ett utkast igen")
    assert Appeal.objects.get().state == "draft"
    assert complaints == []
    page.context.close()


def test_live_page_renews_itself_and_turns_when_the_state_does(
    transactional_db: None, house: House, chromium: Browser, live_server: Any
) -> None:
    make_user("boss")
    row = asking.sending(house)
    page, complaints = logged_in(chromium, live_server.url, "sv", 360, "dark")
    page.goto(f"{live_server.url}/staff/appeals/{row.ref}/")
    page.wait_for_selector("text=1 av 6 skickade")

    assert settling.settle_by_hand(
        asking.doubt(house).pk, left=True, by="staff:1", why="sett i loggen"
    )
    page.wait_for_selector("text=2 av 6 skickade")
    Appeal.objects.filter(pk=row.pk).update(state="paused", paused_for="complaints")
    page.wait_for_selector("text=anmälde det som skräppost")

    assert page.locator("button >> text=Fortsätt där det stannade").is_visible()
    assert fits(page)
    assert complaints == []
    page.context.close()


def test_long_name_fits_and_the_address_names_the_words_to_write(
    transactional_db: None, house: House, chromium: Browser, live_server: Any
) -> None:
    make_user("boss")
    row = written(house.campaign)
    Appeal.objects.filter(pk=row.pk).update(title="x" * 90)
    page, complaints = logged_in(chromium, live_server.url, "sv", 360)
    page.goto(f"{live_server.url}/staff/appeals/calendar/")
    assert fits(page)
    page.goto(f"{live_server.url}/staff/appeals/{row.ref}/write/#A-en")
    page.wait_for_selector("[data-language=en][aria-selected=true]")
    page.goto(f"{live_server.url}/staff/appeals/calendar/")
    page.goto(f"{live_server.url}/staff/appeals/{row.ref}/write/#A-sv")
    page.wait_for_selector("[data-language=sv][aria-selected=true]")
    assert complaints == []
    page.context.close()


def another_window(page: Page, local_time: str) -> Page:
    """The same appeal in a second tab, one press from being scheduled for another time."""
    other = page.context.new_page()
    other.goto(page.url)
    other.fill("#id_local_time", local_time)
    other.click("text=Se vad som kommer att hända")
    other.wait_for_selector("strong >> text=Skicka till 3 personer")
    return other


def finish_words(row: Appeal) -> None:
    """What the editor's own tests write by hand: sender, address and name under the mail."""
    for language in ("sv", "en"):
        content = row.variants.get().contents.filter(language=language).first()
        writing.save_words(
            appeal_id=row.pk, letter="A", language=language, sheet=signed(language),
            edition=content.edition if content else 0, by="staff:1",
        )  # fmt: skip
    row.variants.get().contents.update(from_email="hej@party.example")
