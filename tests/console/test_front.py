"""Every page opens, shows no person, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.providers.models import Account
from tests.console.conftest import PERSONAL, LogIn, card_gift, cash_gift, swish_gift

LISTS = [
    "front",
    "identity",
    "campaigns",
    "gifts",
    "refunds",
    "disputes",
    "payouts",
    "lines",
    "journals",
    "events",
    "alarms",
    "jobs",
    "runs",
    "exports",
]


def rows() -> dict[str, int]:
    """How many rows every table has, sessions and Django's own left out."""
    ours = [m._meta for m in apps.get_models() if m.__module__.split(".")[0] != "django"]
    each = [f"SELECT '{one.label}', count(*) FROM {one.db_table}" for one in ours]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


@pytest.mark.parametrize("name", LISTS)
def test_empty_page_says_what_will_appear(name: str, log_in: LogIn) -> None:
    answer = log_in("boss").get(reverse(f"console:{name}"))

    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode() or name == "jobs"


@pytest.mark.parametrize("name", ["donors", "new_gift", "new_campaign"])
def test_form_opens_in_an_empty_house(name: str, log_in: LogIn) -> None:
    assert log_in("boss").get(reverse(f"console:{name}")).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_list_shows_no_person_and_changes_nothing(
    name: str, log_in: LogIn, campaign: Campaign, stripe: Account
) -> None:
    cash_gift(campaign)
    card_gift(campaign, stripe)
    swish_gift(campaign)
    boss = log_in("boss")
    before = rows()

    answer = boss.get(reverse(f"console:{name}"))

    assert answer.status_code == 200
    text = answer.content.decode()
    assert [word for word in PERSONAL if word in text] == []
    assert rows() == before


@pytest.mark.parametrize("name", [*LISTS, "donors", "new_gift", "new_campaign"])
def test_stranger_is_shown_the_log_in(name: str, client: Client, db: None) -> None:
    url = reverse(f"console:{name}")

    answer: Any = client.get(url)

    assert answer.status_code == 302
    assert answer["Location"] == f"/staff/login/?next={url}"


def test_promised_and_forecast_stand_apart_from_what_came(
    david: Client, campaign: Campaign
) -> None:
    assert "utlovat" not in david.get("/staff/").content.decode()
    campaigns.record_promise(campaign.pk, promised_ore=25_800_00, forecast_ore=30_500_00)

    page = " ".join(david.get("/staff/").content.decode().replace("\xa0", " ").split())

    assert "<b>25 800 kr</b> utlovat i månadsgåvor" in page
    assert "Kan bli 30 500 kr i allt; inget av det räknas som mottaget." in page
    assert "<strong>0 kr</strong>" in page
