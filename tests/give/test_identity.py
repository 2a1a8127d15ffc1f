"""Who gives: asked above the law's sum, and only there."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.reporting.party import ruling
from tests.give.form import Door, door, give, refused
from tests.people import DAVID

__all__ = ["door"]

LARGE = {"amount_once": "other", "other_once": "3000"}


def test_a_large_gift_asks_who_gives(client: Client, campaign: Campaign, door: Door) -> None:
    page = refused(
        give(client, **LARGE),
        door,
        "Kryssa i att gåvan är din och inte någon annans.",
        "Skriv din adress eller ditt personnummer.",
    )
    assert 'class="identity asked"' in page


def test_an_address_is_enough(client: Client, campaign: Campaign, door: Door) -> None:
    give(client, **LARGE, declaration="on", address="Storgatan 1", postcode="123 45", city="Umeå")
    giver = door.requests[0].giver
    assert (giver.address, giver.postcode, giver.city) == ("Storgatan 1", "123 45", "Umeå")
    assert (giver.declaration, giver.organisation, giver.identity_number) == (True, False, "")
    assert giver.identified


def test_half_an_address_is_not(client: Client, campaign: Campaign, door: Door) -> None:
    answer = give(client, **LARGE, declaration="on", address="Storgatan 1")
    refused(answer, door, "Skriv postnumret.", "Skriv orten.")


def test_a_personal_number_is_enough(client: Client, campaign: Campaign, door: Door) -> None:
    give(client, **LARGE, declaration="on", identity_number="811228-9874")
    assert door.requests[0].giver.identity_number == "198112289874"


@pytest.mark.parametrize("number", ["811228-9873", "123", "x" * 10_000])
def test_a_number_that_is_none_is_refused(
    client: Client, campaign: Campaign, door: Door, number: str
) -> None:
    answer = give(client, **LARGE, declaration="on", identity_number=number)
    refused(answer, door, "Skriv personnumret med tolv siffror.")


def test_an_organisation_gives_its_own_number(
    client: Client, campaign: Campaign, door: Door
) -> None:
    sent = {**LARGE, "declaration": "on", "organisation": "on"}
    answer = give(client, **sent)
    refused(
        answer,
        door,
        "Skriv organisationsnumret med tio siffror, till exempel 802002-1234.",
    )
    give(client, **sent, identity_number="556016-0680")
    giver = door.requests[0].giver
    assert (giver.organisation, giver.identity_number) == (True, "5560160680")


def test_what_was_not_asked_for_is_not_handed_on(
    client: Client, campaign: Campaign, door: Door
) -> None:
    give(client, address="Storgatan 1", identity_number="811228-9874", declaration="on")
    giver = door.requests[0].giver
    assert (giver.address, giver.identity_number, giver.declaration) == ("", "", False)


def test_who_says_that_they_live_abroad_is_refused_before_any_money_by_the_rule_of_the_day(
    client: Client, campaign: Campaign, door: Door
) -> None:
    assert "utomlands" not in client.get("/valet/").content.decode(), "no rule, no question"
    ruling.set_rule(
        campaign.entity, clock.today(), permille=50, foreign="refuse", reason="Lag", by=DAVID
    )
    shown = refused(
        give(client, abroad="on"), door,
        "Framtidspartiet tar inte emot gåvor från utlandet. Inga pengar har dragits.",
    )  # fmt: skip
    assert re.search(r'<input[^>]*name="abroad"[^>]*checked', shown)
    refused(
        give(client, "/en/valet/", abroad="on"), door,
        "Framtidspartiet takes no gifts from abroad. Nothing has been charged.",
    )  # fmt: skip
    assert give(client).status_code == 303
    assert len(door.requests) == 1
