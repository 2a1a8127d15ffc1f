"""A real Chromium with a virtual authenticator: set up, log in, and show it again mid-act."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, CDPSession, Page

from fundraise.ledger.models import LegalEntity
from fundraise.staff import accounts, factors, links
from fundraise.staff.models import RoleHeld
from fundraise.staff.services import give_role
from tests import axe
from tests.console.conftest import PASSWORD, make_user
from tests.log_ins import SECRET, give_app

SHOTS = os.environ.get("CONSOLE_SHOTS", "")
WORSE = {"error", "warning"}
EXPECTED = re.compile("status of 403")  # the page that asks again, which Chromium remarks on
NEW = "correct horse battery staple"
SIZES = {"sv": 390, "en": 1280}
pytestmark = pytest.mark.browser


class Desk:
    """A browser at somebody's desk, with passkeys of its own."""

    def __init__(self, chromium: Browser, url: str, language: str) -> None:
        width = SIZES[language]
        theme: Any = "dark" if language == "en" else "light"
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, locale=language
        )
        host = str(urlsplit(url).hostname)
        chosen: Any = {"name": "django_language", "value": language, "domain": host}
        context.add_cookies([chosen | {"path": "/staff/"}])
        self.url, self.language = url, language
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.keys: CDPSession = context.new_cdp_session(self.page)
        self.keys.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.authenticator = made["authenticatorId"]

    def _heard(self, message: Any) -> None:
        if message.type in WORSE and not EXPECTED.search(message.text):
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def at(self, path: str) -> None:
        self.page.wait_for_url(f"{self.url}{path}")

    def shot(self, name: str) -> None:
        """Look at the page: accessible, no wider than the screen, and kept as a picture."""
        if SHOTS:
            path = Path(SHOTS) / f"in-{name}-{self.language}.png"
            self.page.screenshot(path=path, full_page=True)
        found = axe.violations(self.page, *axe.WCAG)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        wide = "document.documentElement.scrollWidth > window.innerWidth"
        assert not self.page.evaluate(wide), name

    def log_in(self, name: str, code: str) -> None:
        self.go("/staff/login/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("#login-form button")
        self.at("/staff/login/code/")
        self.page.fill("#id_code", code)
        self.page.click("#code-form button")
        self.at("/staff/")

    def grow_old(self) -> None:
        """As if everybody had shown long ago who they are."""
        for row in Session.objects.all():
            kept = row.get_decoded()
            for record in kept.get("account_authentication_methods", []):
                record["at"] -= 3600
            row.session_data = Session.objects.encode(kept)
            row.save()


@pytest.fixture(params=["sv", "en"])
def desk(
    request: pytest.FixtureRequest,
    transactional_db: None,
    chromium: Browser,
    live_server: Any,
    settings: Any,
) -> Iterator[Desk]:
    settings.BASE_URL = live_server.url
    made = Desk(chromium, live_server.url, request.param)
    yield made
    made.page.context.close()
    assert made.complaints == []


@pytest.fixture
def adam(transactional_db: None, party: LegalEntity) -> User:
    user = make_user("adam", "admin")
    give_app(user)
    return user


def test_from_the_invitation_to_the_first_page(desk: Desk, party: LegalEntity) -> None:
    user = accounts.invite("Siv Å", "siv@parti.example", by="system:test")
    give_role(user, "second", party, by="system:test")
    page = desk.page
    page.goto(links.made(user, links.SETUP).replace(django_settings.BASE_URL, desk.url))
    desk.shot("welcome")
    page.fill("#id_password", "short")
    page.click("#password-form button")
    page.locator(".summary").wait_for()
    desk.shot("weak")
    page.fill("#id_password", NEW)
    page.click("#password-form button")
    desk.at("/staff/account/second-factor/")
    desk.shot("second-factor")
    page.click("a[href='/staff/account/app/']")
    secret = page.locator(".steps code").inner_text().replace(" ", "")
    desk.shot("app")
    page.fill("#id_code", factors.code_now(secret))
    page.click("#app-form button")
    page.locator(".codes li").first.wait_for()
    assert page.locator(".codes li").count() == 10
    desk.shot("codes")
    page.click("a.primary")
    desk.at("/staff/")
    desk.go("/staff/account/")
    desk.shot("account")


def test_password_and_code(desk: Desk, adam: User) -> None:
    desk.go("/staff/gifts/")
    page = desk.page
    desk.shot("log-in")
    page.fill("#id_username", "adam")
    page.fill("#id_password", "wrong")
    page.keyboard.press("Enter")
    page.locator(".summary").wait_for()
    desk.shot("log-in-wrong")
    page.fill("#id_username", "adam")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    desk.at("/staff/login/code/")
    desk.shot("code")
    page.fill("#id_code", factors.code_now(SECRET))
    page.keyboard.press("Enter")
    desk.at("/staff/gifts/")


def test_a_passkey_logs_in_alone_and_as_the_second_step(desk: Desk, adam: User) -> None:
    page = desk.page
    desk.log_in("adam", factors.code_now(SECRET))
    desk.go("/staff/account/passkey/")
    page.fill("#id_name", "laptop")
    desk.shot("passkey")
    page.click("#passkey-form button")
    page.locator(".codes li").first.wait_for()
    kinds = sorted(factor.type for factor in factors.listed(adam))
    assert kinds == ["totp", "webauthn"]
    page.context.clear_cookies(name="sessionid")

    desk.go("/staff/login/?next=/staff/people/")
    page.click("#passkey-form button")
    desk.at("/staff/people/")
    desk.shot("people")

    page.context.clear_cookies(name="sessionid")
    desk.go("/staff/login/")
    page.fill("#id_username", "adam")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    desk.at("/staff/login/code/")
    desk.shot("code-passkey")
    page.click("#passkey-form button")
    desk.at("/staff/")


def test_a_passkey_that_does_not_know_its_owner_lets_nobody_in(desk: Desk, adam: User) -> None:
    page = desk.page
    desk.log_in("adam", factors.code_now(SECRET))
    desk.go("/staff/account/passkey/")
    page.click("#passkey-form button")
    page.locator(".codes li").first.wait_for()
    page.context.clear_cookies(name="sessionid")
    unverified = {"authenticatorId": desk.authenticator, "isUserVerified": False}
    desk.keys.send("WebAuthn.setUserVerified", unverified)

    desk.go("/staff/login/")
    page.click("#passkey-form button")

    page.locator("[data-passkey-said]:not([hidden])").wait_for()
    desk.shot("passkey-refused")
    assert page.url == f"{desk.url}/staff/login/"


def test_it_is_shown_again_in_the_middle_of_an_act_and_nothing_is_lost(
    desk: Desk, adam: User, party: LegalEntity
) -> None:
    page = desk.page
    rut = make_user("rut", "auditor")
    codes = factors.new_recovery_codes(adam, by="system:test")
    desk.log_in("adam", codes[0])
    desk.go(f"/staff/people/{rut.pk}/")
    desk.shot("person")
    page.select_option("#id_role", "comms")
    desk.grow_old()
    page.click("form[action$='/role/'] button")
    page.locator("#again-form").wait_for()
    desk.shot("again")
    assert not RoleHeld.objects.filter(user=rut, role="comms").exists()
    page.fill("#id_again_code", "000000")
    page.click("#again-form button")
    page.locator(".summary").wait_for()
    desk.shot("again-wrong")
    page.fill("#id_again_code", factors.code_now(SECRET))
    page.click("#again-form button")

    desk.at(f"/staff/people/{rut.pk}/")
    assert RoleHeld.objects.filter(user=rut, role="comms").count() == 1
