"""The first whole journey: 200 kr by card and 500 kr by Swish, in a browser, through gunicorn, the
stand-in for Stripe, its events, a Celery worker, the ledger, the thermometer and the mail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fundraise.gifts.models import Gift
from tests import servers
from tests.browser.conftest import NewPage
from tests.browser.test_paying import fill_in, pay, press, thanked
from tests.journey import Journey
from tests.whole import Whole, whole_service

pytestmark = [pytest.mark.serial, pytest.mark.enable_socket]


@pytest.fixture
def whole(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Any:
    with django_db_blocker.unblock(), whole_service(tmp_path) as service:
        yield service


def thermometer(whole: Whole) -> dict[str, Any]:
    with urllib.request.urlopen(f"{whole.address}/valet/thermometer.json", timeout=300) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
    return found


def wait_until(true: Callable[[], bool], seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.2)


def give_by_card(page: Page, whole: Whole) -> None:
    fill_in(page, whole.address, amount="#once-other")
    page.locator("#other_once").fill("200")
    press(page)
    pay(page)
    thanked(page, "200\u202fkr")


def give_by_swish(page: Page, whole: Whole) -> None:
    fill_in(page, whole.address, amount="#once-3")
    page.locator("#email").fill("asa@example.org")
    press(page)
    page.get_by_role("button", name="Swish").click()
    page.locator("#approve").click()
    again = page.get_by_role("button", name="Kontrollera igen")
    for _ in range(20):  # the provider is asked at most every other second
        if again.is_visible():
            again.click()
            page.wait_for_timeout(500)
    thanked(page, "500\u202fkr")


def receipts(whole: Whole) -> dict[str, str]:
    """To whom, and the text of the mail."""
    found = {}
    for path in whole.mails():
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        found[str(mail["To"])] = body.get_content().replace("\u202f", " ")
    return found


def verify_books(whole: Whole) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_books", "--json"],
        cwd=servers.ROOT,
        env=os.environ | whole.environment(),
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_krona_given_in_a_browser_is_the_same_krona_everywhere(
    whole: Whole, new_page: NewPage
) -> None:
    journey = Journey(whole.stand_in)
    give_by_card(new_page(), whole)
    give_by_swish(new_page(360, 780, java_script_enabled=False), whole)
    whole.stand_in.wait(30)
    wait_until(lambda: len(whole.mails()) == 2)

    assert sorted(Gift.objects.values_list("amount_ore", "channel", "state")) == [
        (200_00, "card", "received"),
        (500_00, "swish", "received"),
    ]
    assert journey.thermometer()[:2] == (700_00, 2)
    assert journey.balance("gifts") == -700_00
    public = thermometer(whole)
    assert (public["received_ore"], public["donors"]) == (700_00, None)
    told = receipts(whole)
    assert "200 kr" in told["bjorn@example.org"]
    assert "500 kr" in told["asa@example.org"]
    assert verify_books(whole)["ok"] is True
    page = new_page()
    page.goto(f"{whole.address}/valet/")
    expect(page.locator(".thermo .sum strong")).to_have_text("700\u202fkr")
    logged = whole.logs()
    assert "Öberg" not in logged
    assert "bjorn@example" not in logged
