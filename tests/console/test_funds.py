"""Funds: made by comms, chosen in a campaign, and the same in lists, files, months and the API."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from fundraise.campaigns import queries, services
from fundraise.campaigns.models import Campaign, Fund
from tests.console.conftest import cash_gift
from tests.console.tables.test_exports import body
from tests.console.tables.test_lists import number_behind
from tests.console.test_campaigns import form_of
from tests.people import CECILIA, make_campaign, make_fund

NEW = "/staff/funds/new/"


def plain(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_comms_make_a_fund_and_choose_it_until_the_first_gift(
    campaign: Campaign, cecilia: Client
) -> None:
    page = f"/staff/campaigns/{campaign.ref}/"
    assert 'name="fund"' not in plain(cecilia.get(page))  # there is only the default
    words = {"name_sv": "Unga", "name_en": "The young", "entity": campaign.entity_id}
    made = cecilia.post(NEW, words)
    fund = Fund.objects.get(is_default=False)
    assert made["Location"] == f"/staff/funds/{fund.ref}/"
    again = cecilia.post(NEW, words)
    assert (again.status_code, Fund.objects.count()) == (422, 2)
    assert "Det finns redan ett ändamål med det namnet." in plain(again)
    assert cecilia.post(page, form_of(campaign, fund=fund.pk)).status_code == 302
    assert Campaign.objects.get().fund == fund
    assert cecilia.post(page, form_of(campaign)).status_code == 302  # no choice sent: as it was
    assert Campaign.objects.get().fund == fund
    assert "Unga" in plain(cecilia.get(page)).split("<h2", 1)[1]  # the log names it
    cash_gift(campaign)
    assert "Det står fast: det har kommit gåvor till det." in plain(cecilia.get(page))
    cecilia.post(page, form_of(campaign, fund=queries.default_fund(campaign.entity).pk))
    assert Campaign.objects.get().fund == fund
    away = cecilia.post(f"/staff/funds/{fund.ref}/away/", follow=True)
    assert "En insamling som inte är avslutad samlar in till det här ändamålet." in plain(away)
    services.update_campaign(campaign.pk, by=CECILIA, status="closed")
    cecilia.post(f"/staff/funds/{fund.ref}/away/")
    assert Fund.objects.exclude(put_away_at=None).get() == fund
    said = cecilia.post(f"/staff/funds/{fund.ref}/out/", follow=True)
    assert "Ändamålet kan väljas igen." in plain(said)
    assert not Fund.objects.exclude(put_away_at=None).exists()


def test_sums_of_a_fund_lead_to_their_gifts_in_lists_files_and_months(
    campaign: Campaign, david: Client
) -> None:
    fund = make_fund(campaign.entity, "Unga", "The young")
    young = make_campaign(campaign.entity, "unga", fund=fund)
    cash_gift(campaign, 500_00, "slip 1")
    cash_gift(young, 200_00, "slip 2")
    wanted = cash_gift(make_campaign(campaign.entity, "kurs", fund=fund), 100_00, "slip 3")
    stood: list[Any] = list(queries.funds_with_sums().order_by("pk"))
    assert [(one.received_ore, one.gift_number, one.campaign_number) for one in stood] == [
        (500_00, 1, 1), (300_00, 2, 2),
    ]  # fmt: skip
    shown = plain(david.get("/staff/funds/"))
    assert "300 kr" in shown
    only = f"/staff/gifts/?fund={fund.ref}"
    assert f"fund={fund.ref}&amp;state=received&amp;left=yes" in shown
    assert (number_behind(david, only), number_behind(david, f"{only}&campaign=kurs")) == (2, 1)
    assert number_behind(david, f"/staff/campaigns/?fund={fund.ref}") == 2
    assert number_behind(david, "/staff/gifts/?fund=annat") == 3  # nothing that can be understood
    told = json.loads(
        body(david.post(f"/staff/gifts/as-file/?fund={fund.ref}&least=50", {"format": "json"}))
    )
    assert {row["fund"] for row in told["rows"]} == {str(fund.ref)}
    lines = body(david.post(f"{only.replace('/?', '/as-file/?')}&most=100", {"format": "csv"}))
    head, row, _foot = lines.decode("utf-8-sig").splitlines()
    assert dict(zip(head.split(";"), row.split(";"), strict=True))["Ändamål"] == "Unga"
    assert row.startswith(str(wanted.ref))
    day = wanted.received_at.date()  # type: ignore[union-attr]
    first = day.replace(day=1)
    month = plain(david.get(f"/staff/months/{campaign.entity.ref}/{day.year}/{day.month}/"))
    assert ("Gåvor per ändamål" in month, "300 kr" in month) == (True, True)
    booked = queries.funds_of_days(campaign.entity, first, date(day.year + 1, 1, 1))
    assert [(one.name_sv, ore) for one, ore in booked] == [
        ("Allmänt ändamål", 500_00), ("Unga", 300_00),
    ]  # fmt: skip


def test_a_reader_of_campaigns_changes_no_fund(campaign: Campaign, reader: Client) -> None:
    fund = make_fund(campaign.entity)
    words = {"name_sv": "Annat", "name_en": "Other"}
    assert reader.get(f"/staff/funds/{fund.ref}/").status_code == 200
    for url in (NEW, f"/staff/funds/{fund.ref}/", f"/staff/funds/{fund.ref}/away/"):
        assert reader.post(url, words).status_code == 403
    assert Fund.objects.get(pk=fund.pk).name_sv == "Ungdomar"
    with pytest.raises(ValidationError):
        services.put_fund_away(queries.default_fund(campaign.entity).pk, by=CECILIA)
