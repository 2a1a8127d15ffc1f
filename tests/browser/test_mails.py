"""What a mail's links lead to, in Chromium: the page that was asked for, a way out, choices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from donors import queries
from donors import services as donors
from fundraise.pledges.models import Pledge
from mailings.appeals.models import Link
from mailings.appeals.services import leaving
from mailings.mail_events.models import Arrival
from mailings.suppressions import wishes
from mailings.suppressions.models import Suppression
from tests.browser.conftest import NewPage
from tests.browser.faces import LOOKS
from tests.browser.test_faces import WIDTHS, look
from tests.donors.givers import BY
from tests.give.mails.conftest import Post, mail_out
from tests.pledging import House, own_time


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    with own_time() as made:
        yield made


@pytest.fixture
def post(house: House) -> Post:
    return mail_out(house)


@pytest.fixture
def site(post: Post, live_server: Any, settings: Any) -> str:
    settings.BASE_URL = live_server.url
    Link.objects.filter(number=1).update(target=f"{live_server.url}/valet/")
    return str(live_server.url)


def test_a_link_is_followed_and_the_page_says_that_it_was_seen(
    post: Post, site: str, new_page: NewPage
) -> None:
    page = new_page(360, 740)
    token = post.give(post.kassa)
    with page.expect_response("**/anlant") as told:
        page.goto(f"{site}/l/{token}/1?belopp=300")
    assert told.value.status == 204
    assert page.locator("input[name=ref]").input_value() == token
    rows = list(Arrival.objects.order_by("pk").values_list("seq", "link", "beacon"))
    assert rows == [(2, 1, False), (2, 1, True)]


@pytest.mark.parametrize("script", [True, False])
def test_out_by_one_button_back_by_another_and_seldom_by_a_third(
    post: Post, site: str, new_page: NewPage, script: bool
) -> None:
    page = new_page(360, 740, java_script_enabled=script)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{site}/avregistrera/{post.leave(post.kassa)}")
    page.get_by_role("button", name="Avregistrera mig").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du är avregistrerad")
    page.reload()  # sends the same form again
    assert Suppression.objects.filter(lifted_at=None).count() == 1
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_role("button", name="Avregistrera mig")).to_be_visible()
    assert queries.may(post.kassa.pk, "appeals")
    page.get_by_role("link", name="Hellre sällan än aldrig?").click()
    page.get_by_label("Högst en gång om året").check()
    page.get_by_role("button", name="Spara mina val").click()
    expect(page.locator("#kept")).to_contain_text("Sparat")
    assert wishes.every_days_of(post.kassa.pk) == 365
    assert broken == []


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_page_is_free_of_faults(
    house: House, post: Post, site: str, new_page: NewPage, language: str, scheme: str
) -> None:
    pledge = house.active()
    Pledge.objects.filter(pk=pledge.pk).update(donor=post.kassa)
    gone = post.leave(post.anna)
    donors.forget_donor(donor_ref=post.anna.ref, by=BY, reason="bad om det")
    token = post.leave(post.kassa)
    out, choices = {
        "sv": ("avregistrera", "utskick"),
        "en": ("en/unsubscribe", "en/mailings"),
    }[language]
    faces = {
        "leave": f"{site}/{out}/{token}",
        "choices": f"{site}/{choices}/{token}?kept=1",
        "left": f"{site}/{out}/{token}",
        "choices-none": f"{site}/{choices}/{token}",
        "nobody": f"{site}/{choices}/{gone}",
        "unknown": f"{site}/{out}/{token[::-1]}",
    }
    faults = []
    for width in WIDTHS:
        Suppression.objects.filter(lifted_at=None).update(
            lifted_at=house.now, lifted_by=BY, why="x"
        )
        page = new_page(width, 780, color_scheme=scheme)
        for name, address in faces.items():
            if name == "left":
                leaver = leaving.leaver_of(token)
                assert leaver is not None
                leaving.leave(leaver, way="unsubscribe_page")
            page.goto(address)
            faults += look(page, f"mails-{name}-{language}-{scheme}-{width}")
    assert faults == []
