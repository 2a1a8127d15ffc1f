"""The page: who sees it and who acts, every act posted, and a shut house that takes no card."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from fundraise import clock, seal
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.jobs.models import HouseOpening
from fundraise.ops import tasks
from fundraise.ops.golive import queries, services
from fundraise.ops.golive.line import Line
from fundraise.ops.models import GoLiveAnswer, GoLiveSignature, RestoreTrial
from fundraise.providers import defence, pausing
from fundraise.providers import queries as providers
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.models import Account
from fundraise.providers.services import GiftRequest, start_gift
from fundraise.staff.roles import Role
from fundraise.staff.services import give_role
from tests.ops.golive.lines import HERE, SENT, WELL, World
from tests.people import make_campaign, make_party

PAGE = "/staff/go-live/"
SHOTS = os.environ.get("CONSOLE_SHOTS", "")


@pytest.fixture(autouse=True)
def _lines(settings: Any) -> None:
    World.well, World.about, World.asked = True, "one", 0
    settings.GO_LIVE = [HERE + "WELL", HERE + "SENT"]


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign(make_party())


def logged_in(name: str, campaign: Campaign, *roles: str) -> Client:
    user = User.objects.create_user(name, password="a long enough password", is_staff=True)
    for role in roles:
        give_role(user, role, campaign.entity, with_districts=True, by="system:test")
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("role", "sees", "tests", "signs"),
    [
        (Role.ADMIN, 200, 302, 302),
        (Role.TREASURER, 200, 302, 403),
        (Role.AUDITOR, 200, 403, 403),
        (Role.COMMS, 403, 403, 403),
        (Role.DONOR_CARE, 403, 403, 403),
        (Role.SECOND, 403, 403, 403),
    ],
)
def test_each_role_sees_tests_and_signs_what_it_may(
    campaign: Campaign, role: Role, sees: int, tests: int, signs: int
) -> None:
    client = logged_in("anna", campaign, role)
    assert client.get(PAGE).status_code == sees
    assert client.post(f"{PAGE}well/test/").status_code == tests
    assert GoLiveAnswer.objects.count() == (tests == 302)
    World.well = False
    told = signature(WELL, queries.today())
    assert client.post(f"{PAGE}well/sign/", told).status_code == signs
    assert GoLiveSignature.objects.count() == (signs == 302)


def signature(line: Line, day: date) -> dict[str, str]:
    """The form, filled in by somebody who has looked at the line as it stands."""
    mark = queries.standing(line).mark
    return {"about": mark, "reason": "came by post", "valid_till": day.isoformat()}


def test_a_stranger_is_shown_the_log_in(client: Client, db: None) -> None:
    answer = client.get(PAGE)
    assert (answer.status_code, "login" in answer["Location"]) == (302, True)


def test_a_test_is_shown_in_progress_and_then_answered(campaign: Campaign) -> None:
    client = logged_in("anna", campaign, Role.ADMIN)
    shown = client.get(PAGE).content.decode()
    assert ("Not tested yet." in shown, 'http-equiv="refresh"' in shown) == (True, False)
    answer = client.post(f"{PAGE}well/test/")
    assert answer["Location"] == f"{PAGE}#well"
    shown = client.get(PAGE).content.decode()
    assert ("Being asked" in shown, 'data-look-again="2"' in shown) == (True, True)
    tasks.ask_go_live(GoLiveAnswer.objects.get().pk)
    shown = client.get(PAGE).content.decode()
    assert ("All 7 are well." in shown, "data-look-again" in shown) == (True, False)


def test_a_get_of_an_act_does_nothing(campaign: Campaign) -> None:
    client = logged_in("anna", campaign, Role.ADMIN)
    for path in ("test/", "open/", "well/test/", "sent/confirm/", "well/sign/"):
        assert client.get(PAGE + path).status_code == 302
    assert (GoLiveAnswer.objects.count(), World.asked) == (0, 0)
    assert client.post(f"{PAGE}nothing/test/").status_code == 404


def test_the_code_that_came_is_typed_on_the_page(campaign: Campaign) -> None:
    client = logged_in("anna", campaign, Role.ADMIN)
    assert "Code</label>" not in client.get(PAGE).content.decode()
    services.ask(services.begin(SENT, by="staff:1").pk)
    assert "Code</label>" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}sent/confirm/", {"typed": "nonsense"})
    assert "That is not the code" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}sent/confirm/", {"typed": "abcd2345"})
    assert "Came." in client.get(PAGE).content.decode()


def test_everything_that_needs_no_eyes_is_asked_at_once(campaign: Campaign) -> None:
    logged_in("anna", campaign, Role.ADMIN).post(f"{PAGE}test/")
    assert [answer.line for answer in GoLiveAnswer.objects.all()] == ["well"]


def test_a_signature_without_sense_is_refused_in_words(campaign: Campaign) -> None:
    client = logged_in("anna", campaign, Role.ADMIN)
    client.post(f"{PAGE}well/sign/", {"reason": "why", "valid_till": "never"})
    assert "Give a day from today on" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}well/sign/", {"reason": " ", "valid_till": "2099-01-01"})
    assert "Write why" in client.get(PAGE).content.decode()
    assert GoLiveSignature.objects.count() == 0


# --- A shut house ---------------------------------------------------------------------------------
def live(settings: Any) -> None:
    settings.MODE, settings.LIVE, settings.BASE_URL = "live", True, "https://ge.example"
    settings.SECURE_SSL_REDIRECT = False
    seal.seal()


def asked(campaign: Campaign, method: str = "stripe") -> GiftRequest:
    giver = Giver(name="Björn", email="bjorn@example.se")
    return GiftRequest(campaign, 200_00, method, "sv", giver, submission=uuid4().bytes)


@pytest.fixture
def accounts(campaign: Campaign) -> Account:
    Account.objects.create(
        entity=campaign.entity, provider="swish_number", slug="s", name="S", external_id="123"
    )
    return Account.objects.create(
        entity=campaign.entity, provider="stripe", slug="main", name="Stripe", livemode=True
    )


def test_a_shut_house_begins_no_card_gift_and_writes_none(
    campaign: Campaign, accounts: Account, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["ge.example"]
    assert [way.method for way in providers.ways(campaign.entity_id)] == ["stripe", "swish_number"]
    live(settings)
    assert [way.method for way in providers.ways(campaign.entity_id)] == ["swish_number"]
    verdict = defence.admit(asked(campaign), address="192.0.2.1")
    assert verdict is defence.Verdict.CLOSED
    with pytest.raises(ProviderUnavailable):
        start_gift(asked(campaign))
    assert Gift.objects.count() == 0
    assert start_gift(asked(campaign, "swish_number")).state == "pending"
    Account.objects.filter(provider="swish_number").update(is_active=False)
    shown = Client().get("/en/valet/", headers={"host": "ge.example"})
    assert "We have not opened yet" in shown.content.decode()
    HouseOpening.objects.create(
        base_url=settings.BASE_URL, opened_at=clock.real_now(), opened_by="staff:1", lines={}
    )
    assert pausing.is_paused(accounts) is False
    shown = Client().get("/en/valet/", headers={"host": "ge.example"})
    assert "We have not opened yet" not in shown.content.decode()


def test_the_house_is_opened_from_the_page_when_each_line_passes(
    campaign: Campaign, settings: Any
) -> None:
    live(settings)
    settings.ALLOWED_HOSTS = ["testserver"]
    client = logged_in("anna", campaign, Role.ADMIN)
    shown = client.get(PAGE).content.decode()
    assert ("The house is shut" in shown, "2 lines are left" in shown) == (True, True)
    client.post(f"{PAGE}open/")
    assert "Nothing was opened" in client.get(PAGE).content.decode()
    assert seal.is_open() is False
    services.ask(services.begin(WELL, by="staff:1").pk)
    form = signature(SENT, queries.today() + timedelta(days=9))
    assert f'value="{form["about"]}"' in client.get(PAGE).content.decode()
    client.post(f"{PAGE}sent/sign/", form)
    assert "Ready to open" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}open/")
    shown = client.get(PAGE).content.decode()
    assert ("The house is open" in shown, seal.is_open()) == (True, True)
    assert HouseOpening.objects.get().lines == {"well": "green", "sent": "signed"}


# --- Looked at ------------------------------------------------------------------------------------
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "width"), [("sv", 390), ("en", 1280), ("sv", 1280)])
def test_the_page_fits_and_the_policy_refuses_nothing(
    chromium: Browser, live_server: LiveServer, settings: Any, language: str, width: int
) -> None:
    from fundraise import settings as written

    settings.GO_LIVE, settings.OPS_EMAIL = written.GO_LIVE, "vakt@example.se"
    furnish()
    options: Any = {"viewport": {"width": width, "height": 900}}
    options["color_scheme"] = "dark" if language == "en" else "light"
    page = chromium.new_context(**options).new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type != "log" else None)
    host: Any = {"domain": "localhost", "path": "/"}
    chosen: Any = {"name": "django_language", "value": language, **host}
    session: Any = {**session_of("boss"), **host}
    page.context.add_cookies([chosen, session])
    page.goto(f"{live_server.url}{PAGE}")
    title = "Gå skarpt" if language == "sv" else "Going live"
    assert page.locator("h1, [class*=title]").get_by_text(title).first.is_visible()
    assert page.locator(".golive").count() == 14
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"golive-{language}-{width}.png", full_page=True)
    page.context.close()
    assert complaints == []


def session_of(name: str) -> dict[str, str]:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value}


def furnish() -> None:
    """Lines in every state: green, red, signed, waiting for a code, being asked, not tested."""
    User.objects.create_superuser("boss", password="a long enough password", is_staff=True)
    make_campaign(make_party())
    RestoreTrial.objects.create(
        at=clock.real_now(), seconds=3, backup="b", tables=60, rows=14_210, checks=21, equal=True,
        by="system:backup",
    )  # fmt: skip
    with translation.override("en"):
        for line in queries.lines():
            if line.key not in {"domain", "webhook", "keys"}:
                services.ask(services.begin(line, by="system:test").pk)
            if line.key == "mail_domain":
                day = date.fromisoformat("2027-02-01")
                mark = queries.standing(line).mark
                told = {"about": mark, "reason": "dig, 25 nov", "by": "system:test"}
                services.sign(line, valid_till=day, **told)
            if line.key == "webhook":
                services.begin(line, by="system:test")
