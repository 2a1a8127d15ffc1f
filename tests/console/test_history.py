"""The curve and the months of the first page are the ledger's own sums."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from fundraise import clock
from fundraise.campaigns.models import Campaign, DayTotal, Thermometer
from fundraise.console import history
from fundraise.gifts import refunds
from fundraise.providers.models import Account
from tests.console.conftest import card_gift, cash_gift

pytestmark = pytest.mark.django_db


def day_total(campaign: Campaign, day: date, ore: int, channel: str = "card") -> None:
    DayTotal.objects.create(campaign=campaign, day=day, channel=channel, received_ore=ore, gifts=1)


def test_the_last_point_is_the_thermometer(campaign: Campaign, stripe: Account) -> None:
    card_gift(campaign, stripe, 500_00)
    cash_gift(campaign, 250_00)
    found = history.curve(campaign)
    assert found is not None
    assert found.raised_ore == Thermometer.objects.get(campaign=campaign).received_ore == 750_00
    assert found.days[-1][0] == clock.today()
    assert found.first == date(2026, 9, 1)


def test_the_needed_pace_ends_at_the_goal_on_the_last_day(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(
        starts_on=clock.today(), ends_on=clock.today().replace(year=clock.today().year + 1)
    )
    campaign.refresh_from_db()
    found = history.curve(campaign)
    assert found is not None
    assert found.needed == "0,1000 1000,0"
    whole = (found.last - found.first).days + 1
    assert found.needed_ore == campaign.goal_ore // whole


def test_more_than_the_goal_stretches_the_axis(campaign: Campaign) -> None:
    day_total(campaign, clock.today(), 3_000_000_00)
    found = history.curve(campaign)
    assert found is not None
    assert found.top_ore == 3_000_000_00
    assert found.raised.endswith(",0")


def test_a_campaign_that_has_not_begun_has_no_curve(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(starts_on=date(2099, 1, 1), ends_on=None)
    campaign.refresh_from_db()
    assert history.curve(campaign) is None


def test_without_a_last_day_no_pace_is_needed(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(ends_on=None)
    campaign.refresh_from_db()
    found = history.curve(campaign)
    assert found is not None
    assert (found.needed, found.needed_ore, found.last) == ("", None, clock.today())


def test_months_stack_by_how_it_came_and_go_below_the_line(campaign: Campaign) -> None:
    today = clock.today().replace(day=1)
    for channel, ore in (("card", 600_00), ("swish", 200_00), ("swish_number", 100_00)):
        day_total(campaign, today, ore, channel)
    day_total(campaign, today, -100_00, "cash")
    found = history.months([campaign.pk])
    last = found.rows[-1]
    assert last.parts == (("card", 600_00), ("swish", 300_00), ("hand", -100_00))
    assert last.total_ore == 800_00
    assert found.zero == 900
    assert [(bar.group, bar.top, bar.height) for bar in last.bars] == [
        ("card", 300, 600),
        ("swish", 0, 300),
        ("hand", 900, 100),
    ]
    assert len(found.rows) == 12


def test_months_are_those_of_the_campaigns_asked_for(campaign: Campaign) -> None:
    day_total(campaign, clock.today(), 600_00)
    assert history.months([]).is_empty
    assert not history.months([campaign.pk]).is_empty


def test_the_front_shows_both_with_their_tables(
    campaign: Campaign, stripe: Account, david: Client
) -> None:
    gift = card_gift(campaign, stripe, 500_00)
    refunds.request_refund(gift.pk, amount_ore=100_00, reason="fel", by="staff:1")
    html = david.get("/staff/").content.decode()
    assert html.count("<polyline") == 2
    assert html.count('class="way-card"') == 1
    assert "Kurvan som tabell" in html
    assert "Månaderna som tabell" in html
