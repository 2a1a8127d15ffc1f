"""My pages in Chromium: in by the mailed link, another sum, an end in two taps; every face."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fundraise import bankdays, clock
from fundraise.give.mine import visits
from fundraise.pledges import links
from fundraise.pledges.models import Pledge
from fundraise.pledges.services import changing, e_mandates, mandates, outcomes
from fundraise.pledges.services.e_mandates import EMandate
from fundraise.pledges.services.mandates import Said
from tests import axe
from tests.browser.conftest import NewPage
from tests.browser.faces import LOOKS, TURNS
from tests.browser.test_faces import WIDTHS, look
from tests.give.mine.browsing import deliver, link_in, mails
from tests.give.mine.test_account import open_autogiro
from tests.pledging import ACCOUNT, House, own_time, pay

ANNA = "anna@example.se"


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    with own_time() as made:
        made.open()
        yield made


@pytest.fixture
def site(house: House, live_server: Any, settings: Any) -> str:
    settings.BASE_URL = live_server.url
    return str(live_server.url)


def log_in(page: Page, site: str, address: str = ANNA) -> None:
    """A browser that has come in by the link."""
    here = visits.begin(address)
    cookie = {"name": "mine", "value": visits._signer().sign(here.secret), "url": site}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


@pytest.mark.parametrize("script", [True, False])
def test_in_by_the_link_another_sum_and_an_end_in_two_taps(
    house: House, site: str, new_page: NewPage, script: bool
) -> None:
    pledge = house.active()
    page = new_page(360, 740, java_script_enabled=script)
    page.goto(f"{site}/mina-sidor/")
    page.get_by_label("Din e-postadress").fill(ANNA)
    page.get_by_role("button", name="Mejla mig en länk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Titta i din inkorg")
    deliver()
    page.goto(f"{site}{link_in(mails()[0])}")
    page.get_by_role("button", name="Logga in").click()
    expect(page.locator(".pledge h2")).to_contain_text("200\u202fkr")

    page.get_by_role("link", name="Ändra belopp").click()
    page.get_by_label("Nytt belopp i kronor").fill("250 kr")
    page.get_by_role("button", name="Ändra belopp").click()
    expect(page.locator(".pledge h2")).to_contain_text("250\u202fkr")
    expect(page.locator(".pledge")).to_contain_text("Beloppet är ändrat från 200\u202fkr")

    page.get_by_role("link", name="Avsluta").click()
    page.get_by_role("button", name="Avsluta månadsgåvan").click()
    expect(page.locator(".pledge .state")).to_contain_text("Avslutad den 2 november")
    pledge.refresh_from_db()
    assert (pledge.amount_ore, pledge.state) == (250_00, Pledge.State.ENDED)
    assert pledge.mandates.get().state == "ending"

    page.get_by_role("button", name="Logga ut").click()
    expect(page.locator("#notice")).to_contain_text("Du är utloggad")
    page.go_back()
    expect(page.get_by_role("button", name="Mejla mig en länk")).to_be_visible()
    assert page.context.cookies() == []


def test_a_mailed_raise_is_one_button(house: House, site: str, new_page: NewPage) -> None:
    pledge = house.active()
    page = new_page(360, 740)
    page.goto(links.upgrade_link(pledge, 250_00))
    page.get_by_role("button", name="Höj från 200").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack! Din gåva är höjd")
    page.reload()  # sends the same form again
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Allt är som förut")
    pledge.refresh_from_db()
    assert (pledge.amount_ore, pledge.changes.count()) == (200_00, 2)


# --- Faces ----------------------------------------------------------------------------------------
def a_rich_life(house: House) -> dict[str, str]:
    """One donor with a gift in every state; the mailed links by name."""
    open_autogiro(house)
    first = house.active()
    draw = house.send_next(first)
    house.go_to(draw.due_on)
    pay(draw)
    deliver()
    short = house.active(150_00, 15)
    raised = house.active(100_00, 25)
    changing.change_amount(raised.pk, 120_00, changing.wish())
    paused = house.active(300_00, 25, months=3)
    changing.pause(paused.pk, clock.today().replace(month=3, year=2027), changing.wish())
    house.sign_up(90_00, 25)
    halted = house.active(80_00, 27)
    mandates.ended(halted.mandates.get().pk, Said("46+02", clock.today()))
    over = house.active(70_00, 20)
    house.send_next(over)
    house.go_to(clock.today(), 20)
    house.go_to(bankdays.add(clock.today(), 1), 20)
    changing.stop(over.pk, changing.wish())
    failed = house.send_next(short)
    house.go_to(failed.due_on)
    outcomes.failed(failed.pk, outcomes.Failure("1", may_retry=True))
    bank = e_mandates.receive_e_mandate(EMandate(house.entity.pk, "1000008", ACCOUNT, "Swedbank"))
    Pledge.objects.filter(pk=first.pk).update(language="sv")
    return {
        "raise": links.upgrade_link(first, 250_00),
        "repair-funds": links.repair_link(short),
        "repair-halted": links.repair_link(halted),
        "repair-over": links.repair_link(over),
        "name-sum": links.name_sum_link(bank, "sv"),
    }


def its_pages() -> dict[str, tuple[str, str]]:
    """The pages under the first, by name, with their Swedish and their English path."""
    ref = Pledge.objects.filter(state="active").earliest("pk").ref
    wishes = {
        "amount": ("belopp", "sum"), "day": ("dag", "day"), "skip": ("hoppa-over", "skip"),
        "pause": ("pausa", "pause"), "stop": ("avsluta", "end"), "account": ("konto", "account"),
    }  # fmt: skip
    return {
        "home": ("", ""),
        **{n: (f"manadsgava/{ref}/{sv}/", f"monthly-gift/{ref}/{en}/")
           for n, (sv, en) in wishes.items()},
        "gifts": ("gavor/", "gifts/"),
        "year": ("gavor/2026/", "gifts/2026/"),
        "details": ("uppgifter/", "details/"),
    }  # fmt: skip


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_page_is_free_of_faults(
    house: House, site: str, new_page: NewPage, language: str, scheme: str
) -> None:
    mailed = a_rich_life(house)
    home = f"{site}/mina-sidor/" if language == "sv" else f"{site}/en/my-pages/"
    turn = TURNS[language]
    pages = {name: f"{home}{paths[turn]}" for name, paths in its_pages().items()}
    faults = []
    for width in WIDTHS:
        page = new_page(width, 780, color_scheme=scheme)
        end = f"{language}-{scheme}-{width}"
        page.goto(home)
        faults += look(page, f"mine-ask-{end}")
        log_in(page, site)
        for name, address in axe.by_turns(pages, turn).items():
            page.goto(address)
            faults += look(page, f"mine-{name}-{end}")
        for name, link in axe.by_turns(mailed, turn).items():
            page.goto(link)
            if language == "en":
                page.goto(f"{site}{page.locator('.top a[hreflang=en]').get_attribute('href')}")
            faults += look(page, f"mine-{name}-{end}")
    assert faults == []
