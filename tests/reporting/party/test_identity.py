"""A giver near the limit gets one mail, tells who gives on My pages, and nothing is held."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from donors import services as donors
from donors.values import PersonName
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import queries as gifts
from fundraise.gifts.models import Gift
from fundraise.jobs.models import Alarm
from fundraise.reconciliation.models import QueueItem
from fundraise.reporting.party import watching
from fundraise.reporting.party.models import Hold, IdentityAsk
from mailings import party, transactional
from mailings.models import TransactionalMessage
from tests.give.mine.browsing import log_in
from tests.people import CECILIA

pytestmark = pytest.mark.django_db
PAGE = "/mina-sidor/vem-ger/"
HOME = {"name": "Bo Ek", "address": "Gatan 1", "postcode": "11455", "city": "Stockholm",
        "country": "SE"}  # fmt: skip


def watch() -> dict[str, int]:
    counts: dict[str, int] = {}
    watching.watch(counts)
    return counts


def test_one_mail_leads_to_a_page_where_it_is_told_once(
    campaign: Campaign, give: Any, go_to: Any, client: Client
) -> None:
    go_to(clock.real_now().replace(year=2026, month=11, day=20))
    give(2_400, email="bo@example.org")
    give(2_000, email="other@example.org")
    assert watch()["asked"] == 1
    assert watch()["asked"] == 0
    late = give(1_000, email="bo@example.org")
    assert (watch()["opened"], Hold.objects.get(state="held").amount_ore) == (1, 440_00)
    ask = IdentityAsk.objects.get()
    open_ = QueueItem.objects.filter(state="open").values_list("code", flat=True)
    assert sorted(open_) == ["anonymous", "identity"]
    party.ask_who_gives(ask.pk)
    party.ask_who_gives(ask.pk)
    mail = TransactionalMessage.objects.get()
    words = transactional.words_of(mail)
    assert mail.kind == "identity"
    assert "/mina-sidor/vem-ger/" in words
    assert "2 960 kr" in words.replace("\u202f", " ")

    assert client.get(PAGE).status_code == 200  # the question for a link to log in
    assert IdentityAsk.objects.filter(answered_at=None).exists()
    log_in(client, "bo@example.org")
    assert PAGE in client.get("/mina-sidor/").content.decode()
    shown = client.get(PAGE).content.decode()
    assert "2 960" in shown.replace("\u202f", " ").replace("\xa0", " ")
    said = {"ask": str(ask.ref), **HOME}
    for wrong in ({"name": ""}, {"address": ""}, {"postcode": "1"}, {"country": "XX"}):
        assert client.post(PAGE, {**said, **wrong}).status_code == 422
    assert not Gift.objects.filter(identified=True).exists()
    assert client.post(PAGE, said).status_code == 303
    assert client.post(PAGE, said).status_code == 303
    typed = gifts.giver_of(ask.gift_id)
    assert typed is not None
    assert (typed.name, typed.postcode, typed.identified) == ("Bo Ek", "114 55", True)
    assert Hold.objects.get().state == "released"
    assert Gift.objects.get(pk=late.pk).refunded_ore == 0
    watch()
    assert not QueueItem.objects.filter(state="open").exists()
    assert watch()["asked"] == 0


def test_a_donor_of_the_register_gets_the_address_and_is_asked_in_its_language(
    campaign: Campaign, give: Any, go_to: Any, client: Client, settings: Any
) -> None:
    go_to(clock.real_now().replace(year=2027, month=1, day=5))
    anna = donors.register_donor(
        name=PersonName("Anna", "Ek"), language="en", source="donation_page", by=CECILIA,
        email="anna@example.org",
    )  # fmt: skip
    gift = give(2_900, name="Anna Ek", email="anna@example.org", at=clock.now())
    Gift.objects.filter(pk=gift.pk).update(donor=anna)
    watch()
    assert Alarm.objects.get(code="party-base-missing").subject == "2027"
    settings.PRICE_BASE_AMOUNTS_ORE = {**settings.PRICE_BASE_AMOUNTS_ORE, 2027: 60_000_00}
    watch()
    assert not Alarm.objects.filter(resolved_at=None, code="party-base-missing").exists()
    ask = IdentityAsk.objects.get()
    party.ask_who_gives(ask.pk)
    assert "/en/my-pages/who-gives/" in transactional.words_of(TransactionalMessage.objects.get())
    log_in(client, "anna@example.org")
    foreign = {**HOME, "ask": str(ask.ref), "country": "NO", "postcode": ""}
    assert client.post(PAGE, foreign).status_code == 303
    point = anna.contact_points.get(kind="postal")
    assert (point.country, Gift.objects.get().residence_country) == ("NO", "NO")
    assert IdentityAsk.objects.get().answered_at is not None
