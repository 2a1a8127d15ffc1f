from __future__ import annotations

import hashlib
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.providers.models import Account
from tests.give.form import hidden
from tests.people import CECILIA, make_campaign, make_fund, make_party


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return unescape(response.content.decode()).replace("\u202f", " ")


def test_the_page_is_swedish_and_english_is_one_link_away(
    client: Client, campaign: Campaign
) -> None:
    page = text_of(client, "/valet/")
    assert '<html lang="sv">' in page
    assert "<h1>Två miljoner till valet</h1>" in page
    assert 'href="/en/valet/" lang="en" hreflang="en">English</a>' in page
    english = text_of(client, "/en/valet/")
    assert '<html lang="en">' in english
    assert "<h1>Two million for the election</h1>" in english
    assert 'href="/valet/" lang="sv" hreflang="sv">Svenska</a>' in english


def test_the_front_page_is_the_front_campaigns(client: Client, campaign: Campaign) -> None:
    assert "<h1>Två miljoner till valet</h1>" in text_of(client, "/")
    assert 'action="/valet/ge/"' in text_of(client, "/")
    assert 'action="/en/valet/give/"' in text_of(client, "/en/")


def test_the_pages_say_what_the_money_is_for_where_that_is_a_fund_of_its_own(
    client: Client, campaign: Campaign
) -> None:
    assert "Pengarna går till" not in text_of(client, "/valet/")
    fund = make_fund(campaign.entity)
    campaigns.update_fund(fund.pk, by=CECILIA, purpose_sv="Läger för alla.")
    campaigns.update_campaign(campaign.pk, by=CECILIA, fund=fund)
    for path in ("/valet/", "/valet/termometer/"):
        assert "Pengarna går till <b>Ungdomar</b>. Läger för alla." in text_of(client, path)
    assert "The money goes to <b>Young people</b>." in text_of(client, "/en/valet/")


def test_the_forms_own_address_leads_to_the_page(client: Client, campaign: Campaign) -> None:
    assert client.get("/valet/ge/")["Location"] == "/valet/"
    assert client.get("/en/valet/give/")["Location"] == "/en/valet/"


def test_the_page_sets_no_cookie(client: Client, campaign: Campaign) -> None:
    response = client.get("/valet/?belopp=200&ref=brev")
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")


def test_the_page_is_kept_by_nobody_else(client: Client, campaign: Campaign) -> None:
    assert client.get("/valet/")["Cache-Control"] == "private, no-cache"


def test_every_script_and_style_has_the_nonce_of_its_answer(
    client: Client, campaign: Campaign
) -> None:
    first, second = client.get("/valet/"), client.get("/valet/")
    nonces = []
    for response in (first, second):
        page = response.content.decode()
        nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])
        assert nonce is not None
        tags = re.findall(r"<(?:script|style)\b[^>]*>", page)
        assert len(tags) == 2
        assert all(f'nonce="{nonce[1]}"' in tag for tag in tags)
        assert not re.search(r'\sstyle="|\son\w+="|javascript:', page)
        nonces.append(nonce[1])
    assert nonces[0] != nonces[1]


def test_the_page_asks_no_other_site_for_anything(client: Client, campaign: Campaign) -> None:
    page = client.get("/valet/").content.decode()
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"', page)
    own = [link for link in loaded if link.startswith("/")]
    assert sorted(set(loaded) - set(own)) == ["http://localhost:8000/valet/"]  # canonical
    assert len(own) == 3


def test_no_amount_is_chosen_until_somebody_chooses(client: Client, campaign: Campaign) -> None:
    page = text_of(client, "/valet/")
    chosen = [tag for tag in re.findall(r"<input[^>]*>", page) if re.search(r"\bchecked\b", tag)]
    assert len(chosen) == 1
    assert 'id="frequency-once"' in chosen[0]


def chosen_amount(page: str) -> list[str]:
    tags = re.findall(r"<input[^>]*>", page)
    picked = [t for t in tags if "amount_" in t and re.search(r"\bchecked\b", t)]
    return [found[1] for t in picked if (found := re.search(r'value="(\w+)"', t))]


@pytest.mark.parametrize("query", ["belopp=250", "amount=250", "belopp=250,00&frekvens=engang"])
def test_a_link_may_choose_the_amount(client: Client, campaign: Campaign, query: str) -> None:
    assert chosen_amount(text_of(client, f"/valet/?{query}")) == ["25000"]


def test_a_link_may_choose_an_amount_that_has_no_card(client: Client, campaign: Campaign) -> None:
    page = text_of(client, "/valet/?belopp=2000")
    assert chosen_amount(page) == ["other"]
    assert 'value="2 000"' in page


def test_a_link_may_name_where_it_stood(client: Client, campaign: Campaign) -> None:
    assert hidden(client.get("/valet/?ref=brev-11"), "ref") == "brev-11"
    assert hidden(client.get("/valet/?ref=<b>"), "ref") == ""


def test_a_link_may_choose_the_language_and_keeps_its_other_choices(
    client: Client, campaign: Campaign
) -> None:
    response = client.get("/valet/?lang=en&amount=200&ref=brev")
    assert response.status_code == 302
    assert response["Location"] == "/en/valet/?amount=200&ref=brev"


def test_a_link_never_fills_in_a_person(client: Client, campaign: Campaign) -> None:
    page = text_of(client, "/valet/?name=Doris&email=anna@example.org&namn=Doris")
    assert "Doris" not in page
    assert "anna@example.org" not in page


def test_accept_language_changes_nothing(client: Client, campaign: Campaign) -> None:
    response = client.get("/valet/", headers={"Accept-Language": "en"})
    assert response.status_code == 200
    assert b'<html lang="sv">' in response.content


def test_monthly_stands_there_switched_off_with_a_calm_word(
    client: Client, campaign: Campaign
) -> None:
    page = text_of(client, "/valet/")
    monthly = re.search(r'<input[^>]*id="frequency-monthly"[^>]*>', page)
    assert monthly is not None
    assert " disabled" in monthly[0]
    assert "Öppnar senare" in page


def test_a_switch_alone_opens_no_monthly_gift(
    client: Client, campaign: Campaign, settings: Any
) -> None:
    settings.RECURRING = {}
    Campaign.objects.update(monthly_open=True, first_frequency="monthly")
    page = text_of(client, "/valet/")
    assert 'name="amount_monthly"' not in page
    assert page.index('id="frequency-monthly"') < page.index('id="frequency-once"')


def test_the_foot_says_who_receives_and_what_follows(client: Client, campaign: Campaign) -> None:
    page = " ".join(re.sub(r"<[^>]+>", "", text_of(client, "/valet/")).split())
    assert "Gåvan går till Framtidspartiet, organisationsnummer 802000-0000." in page
    assert "Frågor? Ring 08-123 45 67." in page
    assert (
        "På ditt kontoutdrag står det FRAMTIDSPARTIET. Gåvorna ger ingen skattereduktion." in page
    )
    assert "ange ditt namn i vår årliga redovisning till Kammarkollegiet" in page
    assert "du är skyldig Stripe beloppet tills det är betalt" in page


def test_the_foot_follows_the_receiver(client: Client, campaign: Campaign) -> None:
    LegalEntity.objects.update(tax_reduction=True, kind="charity")
    Account.objects.update(is_active=False)
    page = text_of(client, "/valet/")
    assert "Gåvor på minst 200 kr var, tillsammans minst 2 000 kr under ett år, kan ge" in page
    assert "Kammarkollegiet" not in page
    assert "skyldig Stripe" not in page


def test_the_ticks_are_never_joined_and_never_ticked(client: Client, campaign: Campaign) -> None:
    page = text_of(client, "/valet/")
    ticks = re.findall(r'<input type="checkbox"[^>]*?name="(\w+)"', page)
    asked = ["organisation", "declaration"]
    assert ticks == [*asked, "register", "member", "appeals", "targeting"]
    assert not re.search(r'type="checkbox"[^>]*checked', page)


def test_what_staff_change_is_on_the_page_at_once(client: Client, campaign: Campaign) -> None:
    assert "<h1>Två miljoner till valet</h1>" in text_of(client, "/valet/")
    Campaign.objects.update(title_sv="Tre miljoner till valet", goal_ore=3_000_000_00)
    assert "<h1>Tre miljoner till valet</h1>" in text_of(client, "/valet/")
    assert "av 3 000 000 kr" in text_of(client, "/valet/")
    LegalEntity.objects.update(phone="08-765 43 21")
    assert "08-765 43 21" in text_of(client, "/valet/")
    Account.objects.create(
        entity=campaign.entity, provider="swish_number", slug="s", name="S", external_id="123"
    )
    assert "Swish till vårt nummer" in text_of(client, "/valet/")


def test_the_page_asks_the_database_once(
    client: Client, campaign: Campaign, django_assert_num_queries: object
) -> None:
    client.get("/valet/")
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.get("/valet/")
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.get("/valet/?belopp=500&ref=brev")


def test_the_thermometer_says_its_text_first(client: Client, campaign: Campaign) -> None:
    Thermometer.objects.update(received_ore=1_243_500_00, donors=3112, gifts=3400)
    page = text_of(client, "/valet/")
    assert "<strong>1 243 500 kr</strong> <span>av 2 000 000 kr</span>" in page
    assert "62\u00a0% · 3 112 givare · " in page
    assert 'aria-valuenow="62"' in page
    assert "--received:62.17%" in page


def test_a_bar_that_is_passed_stays_full(client: Client, campaign: Campaign) -> None:
    Thermometer.objects.update(received_ore=2_240_000_00, donors=9, gifts=9)
    page = text_of(client, "/valet/")
    assert "112\u00a0%" in page
    assert "--received:100.00%" in page
    assert "9 givare" not in page


def test_a_draft_is_not_there(client: Client, campaign: Campaign) -> None:
    Campaign.objects.update(status="draft")
    text_of(client, "/valet/", status=404)
    text_of(client, "/valet/termometer/", status=404)
    assert client.get("/valet/thermometer.json").status_code == 404
    assert "Ingen insamling är öppen just nu" in text_of(client, "/", status=404)


def test_a_closed_campaign_shows_its_sum_and_no_form(client: Client, campaign: Campaign) -> None:
    Thermometer.objects.update(received_ore=1_243_500_00, donors=3112, gifts=3400)
    Campaign.objects.update(status="closed")
    page = text_of(client, "/valet/")
    assert "Insamlingen är avslutad" in page
    assert "1 243 500 kr" in page
    assert "<form" not in page
    assert client.post("/valet/", {"token": "x"}).status_code == 410
    assert Gift.objects.count() == 0


def test_identity_is_asked_above_the_law_s_sum(client: Client, campaign: Campaign) -> None:
    assert 'data-above="296000"' in text_of(client, "/valet/")
    below, above = text_of(client, "/valet/?belopp=1000"), text_of(client, "/valet/?belopp=3000")
    assert below.count("För gåvor över 2 960 kr") == above.count("För gåvor över 2 960 kr") == 1


def test_where_the_law_s_sum_is_zero_everyone_is_asked(
    client: Client, campaign: Campaign, settings: object
) -> None:
    settings.IDENTITY_RULES = [("2020-01-01", ["party"], 0)]  # type: ignore[attr-defined]
    assert 'class="identity asked"' in text_of(client, "/valet/")


def test_each_campaign_has_its_own_page_and_form(client: Client, campaign: Campaign) -> None:
    other = make_campaign(make_party("district"), slug="skolan")
    Campaign.objects.filter(pk=other.pk).update(title_sv="Skolan", theme_colour="#aa0000")
    page = text_of(client, "/skolan/")
    assert "<h1>Skolan</h1>" in page
    assert "--brand:#aa0000" in page
    assert date(2026, 9, 1) == other.starts_on
    tokens = {hashlib.sha256(hidden(client.get(p), "token").encode()) for p in ("/valet/",) * 2}
    assert len(tokens) == 2
