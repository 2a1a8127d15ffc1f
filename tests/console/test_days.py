"""Everybody's day on the staff pages, in a real Chromium: what each sees, does, and may not do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page

from fundraise import crypto
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift, Refund
from fundraise.ledger.models import Journal
from fundraise.providers.models import Account
from fundraise.staff.models import Approval
from mailings import second_person
from mailings.models import TransactionalMessage
from tests.console.districts import Land, make_land, staff_of
from tests.console.matrix import tie_donor

pytestmark = pytest.mark.browser
# What a page offers that changes nothing: to log out, a language, a look at a person, a file.
OWN = "/staff/account/"  # one's own log-in is for everybody to change
HARMLESS = re.compile(r"/(logout|language|staff/donors|giver|as-file|export)/?$")


@pytest.fixture
def land(transactional_db: None, campaign: Campaign, stripe: Account) -> Land:
    return make_land(campaign, stripe)


class Desk:
    """A browser at which somebody is logged in."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.page: Page = chromium.new_context(
            viewport={"width": 1280, "height": 900}, locale="sv-SE"
        ).new_page()
        self.url = url

    def enter(self, who: tuple[User, Client]) -> User:
        self.page.context.clear_cookies()
        key = str(who[1].session.session_key)
        self.page.context.add_cookies([{"name": "sessionid", "value": key, "url": self.url}])
        self.go("/staff/")
        return who[0]

    def go(self, path: str) -> int:
        answer = self.page.goto(self.url + path)
        assert answer is not None
        return answer.status

    def menu(self) -> set[str]:
        links = self.page.locator("#nav-sidebar a").evaluate_all("all => all.map(a => a.pathname)")
        return {str(link) for link in links}

    def says(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()


@pytest.fixture
def desk(chromium: Browser, live_server: Any) -> Iterator[Desk]:
    made = Desk(chromium, str(live_server.url))
    yield made
    made.page.context.close()


def test_comms_changes_the_campaign_and_sees_no_payout(land: Land, desk: Desk) -> None:
    desk.enter(staff_of("cecilia", "comms", land.party.campaign.entity))
    assert {"/staff/campaigns/", "/staff/gifts/"} <= desk.menu()
    assert not {"/staff/payouts/", "/staff/journals/", "/staff/log/"} & desk.menu()

    desk.go(f"/staff/campaigns/{land.party.campaign.ref}/")
    desk.page.fill("#id_title_sv", "Tre miljoner till valet")
    desk.press("Spara insamlingen")
    desk.says("Insamlingen är sparad.")

    land.party.campaign.refresh_from_db()
    assert land.party.campaign.title_sv == "Tre miljoner till valet"
    assert desk.go("/staff/payouts/") == 403
    assert desk.go(f"/staff/campaigns/{land.district.campaign.ref}/") == 404


def test_treasurer_enters_a_cash_gift_and_asks_for_a_large_refund(land: Land, desk: Desk) -> None:
    desk.enter(staff_of("david", "treasurer", land.party.campaign.entity))
    desk.go("/staff/gifts/new/")
    desk.page.select_option("#id_channel", "cash")
    desk.page.fill("#id_amount_ore", "1 800")
    desk.page.fill("#id_proof", "kvitto 12")
    desk.press("Bokför gåvan")
    desk.says("Gåvan är bokförd.")

    desk.page.fill("#id_amount_ore", "1 500")
    desk.page.fill("#id_reason", "fel belopp")
    desk.press("Fortsätt")
    desk.press("Be en andra person")
    desk.says("väntar på en andra person")

    gift = Gift.objects.get(provider_ref="manual:kvitto 12")
    assert (gift.amount_ore, gift.state) == (1_800_00, "received")
    assert [(r.amount_ore, r.state) for r in gift.refunds.all()] == [(1_500_00, "awaiting_second")]


def link_in_mail(to: str) -> str:
    """Where the mail to somebody leads."""
    for row in TransactionalMessage.objects.filter(kind=second_person.ASKED):
        mail = json.loads(crypto.unseal(bytes(row.sealed or b""), context=f"mail:{row.message_id}"))
        if mail["to"] == to:
            return str(urlsplit(re.findall(r"https?://\S+", mail["text"])[0]).path)
    raise AssertionError(f"no mail to {to}")


def test_second_person_at_the_centre_answers_a_mail_on_one_page(land: Land, desk: Desk) -> None:
    siv = staff_of("siv", "second", land.party.campaign.entity, with_districts=True)
    User.objects.filter(pk=siv[0].pk).update(email="siv@example.se")
    refund = land.district.awaiting
    second_person.ask(Approval.objects.get(subject_ref=refund.ref).pk)
    desk.enter(siv)

    desk.go(link_in_mail("siv@example.se"))
    desk.says("Framtidspartiet Skåne")
    desk.page.fill("#id_reason", "sett kvitto 7")
    desk.press("Ja: Betala tillbaka 1\u202f500\u202fkr till kortet")
    desk.says("Det är besvarat")

    assert Refund.objects.get(pk=refund.pk).state == "queued"
    assert Refund.objects.get(pk=refund.pk).approved_by == f"staff:{siv[0].pk}"


def test_donor_care_finds_a_donor_and_ties_a_gift(land: Land, desk: Desk) -> None:
    party = land.party.campaign.entity
    desk.enter(staff_of("dora", "donor_care", party, with_districts=True))
    desk.go("/staff/donors/")
    desk.page.fill("#id_text", "Björn Testgren")
    desk.press("Sök")
    assert "Testgren" not in desk.page.url
    desk.page.locator("table.rows a").first.click()
    desk.says("bjorn.testgren@example.se")

    desk.go(f"/staff/gifts/{land.party.card.ref}/")
    desk.press("Visa givaren")
    desk.press("Den är från Björn Testgren")
    desk.says("Gåvan är kopplad till givaren.")

    assert Gift.objects.get(pk=land.party.card.pk).donor_id is not None
    assert desk.go("/staff/gifts/new/") == 403


def test_admin_sees_who_works_here_and_what_was_changed(land: Land, desk: Desk) -> None:
    party = land.party.campaign.entity
    desk.enter(staff_of("ada", "admin", party, with_districts=True))
    assert {"/staff/people/", "/staff/log/", "/staff/jobs/"} <= desk.menu()
    assert "/staff/donors/" not in desk.menu()
    desk.says("Frågor som ingen får svara på: utse en andra person")

    assert desk.go("/staff/people/") == 200
    desk.says("ada")
    assert desk.go("/staff/log/?subject=refund") == 200
    desk.page.locator("table.rows td", has_text="Någon bad om en återbetalning").first.wait_for()
    assert desk.go(f"/staff/donors/{land.party.donor.ref}/") == 403


@pytest.mark.long
def test_auditor_reads_everything_and_is_offered_no_act(land: Land, desk: Desk) -> None:
    party = land.party.campaign.entity
    for house in (land.party, land.district):
        tie_donor(house)
    desk.enter(staff_of("rut", "auditor", party, with_districts=True))
    menu = desk.menu()
    assert {"/staff/journals/", "/staff/donors/", "/staff/log/", "/staff/people/"} <= menu
    house = land.district
    pages = [
        *sorted(path for path in menu if path.startswith("/staff/") and path != OWN),
        f"/staff/gifts/{house.card.ref}/",
        f"/staff/gifts/{house.waiting.ref}/",
        f"/staff/refunds/{house.awaiting.ref}/",
        f"/staff/refunds/{house.queued.ref}/",
        f"/staff/campaigns/{house.campaign.ref}/",
        f"/staff/donors/{house.donor.ref}/",
        "/staff/second/",
    ]

    offered = {path: _acts(desk, path) for path in pages}

    assert {path: acts for path, acts in offered.items() if acts} == {}


def _acts(desk: Desk, path: str) -> list[str]:
    """Where the posted forms of a page lead that would change something."""
    assert desk.go(path) == 200, path
    found = desk.page.locator("form[method=post]").evaluate_all(
        "all => all.filter(f => f.querySelector('button:not([disabled]), [type=submit]'))"
        ".filter(f => !f.querySelector('fieldset[disabled]'))"
        ".map(f => new URL(f.action).pathname)"
    )
    return [str(action) for action in found if not HARMLESS.search(str(action))]


def test_a_districts_treasurer_sees_the_district_alone(land: Land, desk: Desk) -> None:
    desk.enter(staff_of("maja", "treasurer", land.district.campaign.entity))
    assert desk.page.locator("section.standing").count() == 1
    assert not {"/staff/jobs/", "/staff/alarms/", "/staff/events/"} & desk.menu()

    desk.go("/staff/gifts/")
    desk.says("4 gåvor")
    desk.page.get_by_role("link", name=str(land.district.card.ref)[:8]).first.click()
    desk.says("Betala tillbaka")
    assert desk.go(f"/staff/gifts/{land.party.card.ref}/") == 404
    assert desk.go(f"/staff/journals/?entity={land.party.campaign.entity.slug}") == 200
    own = Journal.objects.filter(entity=land.district.campaign.entity).count()
    assert desk.page.locator("table.rows tbody tr").count() == own
