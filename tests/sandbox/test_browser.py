"""The hosted pages in a real Chromium, without JavaScript, at 320 px, in both languages."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe
from playwright.sync_api import Browser, Page

from tests import axe
from tests.sandbox.conftest import gift_session
from tests.stripe_stand_in import StripeStandIn

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def payee() -> Iterator[str]:
    """The page the donor comes back to: another origin than the stand-in."""

    class Thanks(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Tack</title><h1>Tack</h1>")

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Thanks)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _url(client: stripe.StripeClient, payee: str, **changes: Any) -> str:
    addresses = {"success_url": f"{payee}/tack", "cancel_url": f"{payee}/avbruten"}
    return str(client.v1.checkout.sessions.create(gift_session(**addresses | changes)).url)


def _violations(page: Page) -> list[str]:
    return [found["id"] for found in axe.violations(page)]


def test_declined_asked_by_the_bank_and_paid_without_javascript(
    stand_in: StripeStandIn, client: stripe.StripeClient, chromium: Browser, payee: str
) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    page.goto(_url(client, payee))
    page.get_by_role("button", name=re.compile("Nekas 4000")).click()
    page.get_by_role("button", name="Ge 200").click()
    assert "Kortet nekades" in page.get_by_role("alert").inner_text()
    page.get_by_label("Kortnummer").fill("4000 0025 0000 3155")
    page.get_by_label("Giltigt till").fill("12/34")
    page.get_by_label("CVC").fill("123")
    page.get_by_role("button", name="Ge 200").click()
    page.get_by_role("button", name="Godkänn").click()
    page.wait_for_url(f"{payee}/tack")
    context.close()
    assert [c["status"] for c in stand_in.objects("charge")] == ["succeeded", "failed"]


def test_swish_by_keyboard(
    stand_in: StripeStandIn, client: stripe.StripeClient, chromium: Browser, payee: str
) -> None:
    page = chromium.new_page()
    page.goto(_url(client, payee))
    page.get_by_role("button", name="Betala med Swish").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Godkänn i Swish").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{payee}/tack")
    page.close()


@pytest.mark.parametrize(("locale", "scheme"), [("sv", "light"), ("en", "dark")])
def test_axe_finds_nothing_and_nothing_overflows(
    stand_in: StripeStandIn,
    client: stripe.StripeClient,
    chromium: Browser,
    payee: str,
    locale: str,
    scheme: Any,
) -> None:
    # axe puts a script into the page; the policy of the page itself allows none.
    context = chromium.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    url = _url(client, payee, locale=locale)
    control_page = f"{stand_in.address}/_test"
    for step in (url, "#pay", "#swish", "#elsewhere", url, control_page):
        page.click(step) if step.startswith("#") else page.goto(step)
        assert _violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
