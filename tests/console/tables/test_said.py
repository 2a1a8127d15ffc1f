"""What is chosen of a list is said in a line, and on a phone the fields are folded behind it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from fundraise.campaigns.models import Campaign
from fundraise.console.tables.registry import TABLES
from fundraise.providers.models import Account
from tests.console.conftest import LogIn, make_user
from tests.console.house import furnish
from tests.console.test_chromium import logged_in, shot

LISTS = [
    "gifts", "refunds", "disputes", "payouts", "journals", "campaigns", "alarms", "events",
    "log", "log/reads", "jobs/runs", "lines", "exports", "webhooks/sent",
]  # fmt: skip
FOLDED = "<summary><b>Välj</b> <span>{}</span></summary>"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "allt visas"),
        ("state=received", "Mottagen"),
        ("from_day=2026-11-01&least=500", "från 1\u00a0nov\u00a02026, på minst 500\u202fkr"),
        ("campaign=test&state=received", "Mottagen, till Två miljoner till valet"),
        ("reference=ch_1", "med referens ch_1"),
    ],
)
def test_line_says_what_is_chosen(
    campaign: Campaign, stripe: Account, david: Client, query: str, said: str
) -> None:
    query = query.replace("campaign=test", f"campaign={campaign.slug}")
    text = david.get(f"/staff/gifts/?{query}").content.decode()

    assert FOLDED.format(said) in text


def test_line_says_what_is_chosen_before_anybody_chooses(campaign: Campaign, david: Client) -> None:
    assert FOLDED.format("Öppet") in david.get("/staff/alarms/").content.decode()
    assert FOLDED.format("allt visas") in david.get("/staff/alarms/?state=all").content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_every_list_with_choices_folds_them(
    campaign: Campaign, log_in: LogIn, address: str
) -> None:
    answer = log_in("boss").get(f"/staff/{address}/")
    table = answer.context["list"].table

    assert ('<details class="filters">' in answer.content.decode()) == bool(table.filters)
    assert table.name in TABLES


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("sv", 390), ("en", 390), ("sv", 1280)])
def test_phone_folds_the_choices_and_a_screen_shows_them(
    language: str,
    width: int,
    chromium: Browser,
    live_server: Any,
    transactional_db: None,
    campaign: Campaign,
    stripe: Account,
) -> None:
    make_user("boss")
    furnish(campaign, stripe)
    page, complaints = logged_in(chromium, live_server.url, language, width)
    page.goto(f"{live_server.url}/staff/gifts/?state=received&least=500")
    line, field = page.locator(".filters summary"), page.locator("#filter_state")
    shot(page, f"filters-{language}-{width}")

    assert (line.is_visible(), field.is_visible()) == (width < 769, width >= 769)
    if width < 769:
        line.click()
        shot(page, f"filters-open-{language}-{width}")
    page.select_option("#filter_state", "pending")
    page.locator(".filters button").click()

    page.wait_for_url("**state=pending**")
    assert page.locator(".filters summary span").text_content() is not None
    assert complaints == []
    page.context.close()
