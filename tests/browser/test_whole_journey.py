"""One krona, end to end: a real browser, gunicorn, a worker, the broker, PostgreSQL, the stand-in.

200 kr by card and 500 kr by Swish; then thermometer, ledger, receipts and the proof agree.
"""

from __future__ import annotations

import email
import json
import subprocess
import sys
import time
import urllib.request
from email import policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journey import Journey
from tests.servers import ROOT
from tests.whole import Whole, whole_service

pytestmark = [pytest.mark.serial, pytest.mark.browser]
NARROW = "\u202f"


@pytest.fixture
def whole(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Any:
    with django_db_blocker.unblock(), whole_service(tmp_path) as service:
        yield service


def fill_in(page: Page, whole: Whole, kronor: str) -> None:
    page.goto(f"{whole.address}/valet/")
    page.locator("#other_once").fill(kronor)
    page.locator("[name=name]").fill("Björn Öberg")
    page.locator("[name=email]").fill("bjorn@example.org")
    page.locator("[name=register]").check()
    page.get_by_role("button", name=f"Ge {kronor}").click()
    page.wait_for_url(f"{whole.stand_in.address}/**")


def give_by_card(page: Page, whole: Whole) -> None:
    fill_in(page, whole, "200")
    page.locator("[name=number]").fill("4242424242424242")
    page.locator("[name=expiry]").fill("12/34")
    page.locator("[name=cvc]").fill("123")
    page.get_by_role("button", name="Ge 200").click()
    thanked(page, whole, "200")


def give_by_swish(page: Page, whole: Whole) -> None:
    fill_in(page, whole, "500")
    page.get_by_role("button", name="Betala med Swish").click()
    page.get_by_role("button", name="Godkänn i Swish").click()
    thanked(page, whole, "500")


def thanked(page: Page, whole: Whole, kronor: str) -> None:
    page.wait_for_url(f"{whole.address}/gava/**")
    expect(page.get_by_text("Din gåva är framme")).to_be_visible(timeout=15_000)
    expect(page.get_by_text(f"{kronor}{NARROW}kr").first).to_be_visible()


def receipts(whole: Whole) -> list[str]:
    until = time.monotonic() + 20
    while time.monotonic() < until and len(whole.mails()) < 2:
        time.sleep(0.2)
    mails = [email.message_from_bytes(p.read_bytes(), policy=policy.default) for p in whole.mails()]
    bodies = [mail.get_body(("plain",)) for mail in mails]
    return [body.get_content() for body in bodies if body is not None]


def verify_books(whole: Whole) -> dict[str, Any]:
    command = [sys.executable, "manage.py", "verify_books", "--json"]
    done = subprocess.run(
        command, cwd=ROOT, env=whole.environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_card_gift_and_a_swish_gift_agree_everywhere(whole: Whole, chromium: Browser) -> None:
    journey = Journey(whole.stand_in)
    page = chromium.new_context(locale="sv-SE").new_page()
    give_by_card(page, whole)
    give_by_swish(page, whole)
    whole.stand_in.wait()

    sent = receipts(whole)
    assert sorted(f"{NARROW}kr" in text and "Björn Öberg" in text for text in sent) == [True, True]
    assert [sum(f"{kr}{NARROW}kr" in text for text in sent) for kr in ("200", "500")] == [1, 1]

    with urllib.request.urlopen(f"{whole.address}/valet/thermometer.json") as answer:  # noqa: S310
        public = json.load(answer)
    assert (public["received_ore"], public["donors"]) == (700_00, None)
    page.goto(f"{whole.address}/valet/termometer/")
    expect(page.get_by_text(f"700{NARROW}kr").first).to_be_visible()
    assert journey.thermometer() == (700_00, 2, 1)
    assert journey.balance("gifts") == -700_00
    assert journey.balance("stripe") == 700_00 - journey.balance("fees")
    proof = verify_books(whole)
    assert proof["ok"] is True
    assert {check["status"] for check in proof["checks"]} <= {"ok", "not_applicable", "waiting"}
    assert "Öberg" not in whole.logs()
    assert "bjorn@example" not in whole.logs()
