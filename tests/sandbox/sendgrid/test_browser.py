"""The inbox in a real Chromium, without JavaScript, on a phone and a desk, light and dark."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.sandbox.sendgrid.conftest import Taker, mail, person
from tests.sandbox.sendgrid.test_inbox import letters
from tests.sendgrid_stand_in import SendGridStandIn

pytestmark = pytest.mark.browser
LONG = "maria-elisabet.von-oldenskiold-gyllenhammar@mycket-langt-foreningsnamn.example.org"


def _send(sendgrid: SendGridStandIn, taker: Taker) -> None:
    html = (
        '<html><head><style>a{color:#b0002a}</style></head><body style="font-size:17px">'
        "<script>document.title = 'ran'</script>"
        f'<p>Hej -name-!</p><p><a href="{taker.address}/l/-name-">Ge 200 kr</a></p></body></html>'
    )
    leave = {"List-Unsubscribe": f"<{taker.address}/u/1>, <mailto:u+1@in.example.org>",
             "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # fmt: skip
    names = {"anna@example.org": "Anna", LONG: "Maria-Elisabet", "bounce@example.org": "Bo"}
    people = [person(address, substitutions={"-name-": name}, headers=leave)
              for address, name in names.items()]  # fmt: skip
    parts = [{"type": "text/plain", "value": "Hej -name-!"}, {"type": "text/html", "value": html}]
    mail(sendgrid, *people, subject="-name-, är du med?", content=parts)
    sendgrid.wait()


def _violations(page: Page) -> list[str]:
    return [found["id"] for found in Axe().run(page).response["violations"]]


def test_a_mail_is_found_read_followed_answered_and_left(
    sendgrid: SendGridStandIn, taker: Taker, chromium: Browser
) -> None:
    _send(sendgrid, taker)
    page = chromium.new_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto(sendgrid.address)
    page.get_by_label("Till adressen").fill("anna@")
    page.get_by_role("button", name="Sök").click()
    assert page.get_by_role("listitem").count() == 1
    page.get_by_role("link", name="Anna, är du med?").click()
    letter = page.frame_locator("iframe")
    assert letter.get_by_text("Hej Anna!").is_visible()
    with page.expect_popup() as opened:
        letter.get_by_role("link", name="Ge 200 kr").click()
    opened.value.wait_for_url(f"{taker.address}/l/Anna")
    opened.value.close()
    page.get_by_role("button", name="Avregistrera (ett klick)").click()
    page.get_by_label("Svara").fill("Jag har redan gett.")
    page.get_by_role("button", name="Svara").click()
    page.get_by_role("button", name="Markera som skräp").click()
    assert "markerat som skräp" in page.locator("dl").first.inner_text()
    page.close()
    sendgrid.wait()
    assert [visit for visit in taker.visits if visit[1] != "/favicon.ico"] == [
        ("GET", "/l/Anna", b""),
        ("POST", "/u/1", b"List-Unsubscribe=One-Click"),
    ]
    ((message, _),) = letters(taker)
    assert message["From"] == "anna@example.org"
    assert "spamreport" in taker.told("anna@example.org")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_nothing_overflows_or_runs(
    sendgrid: SendGridStandIn, taker: Taker, chromium: Browser, width: int, scheme: Any
) -> None:
    _send(sendgrid, taker)
    # axe puts a script into the page; the policy of the page itself allows none.
    context = chromium.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    number = sendgrid.mails("maria")[0]["id"]
    for path in ("/", f"/mail/{number}"):
        page.goto(sendgrid.address + path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert _violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        if folder := os.environ.get("CONSOLE_SHOTS"):
            name = f"inbox-{'mail' if 'mail' in path else 'list'}-{width}-{scheme}.png"
            page.screenshot(path=Path(folder) / name, full_page=True)
    context.close()
    plain = chromium.new_page()
    plain.goto(f"{sendgrid.address}/mail/{number}/html")
    assert plain.title() != "ran"
    plain.close()
