"""From a no to the next appeal: whoever must not be mailed is not, and what leaves can be left."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from donors import lookup
from donors.queries import may
from fundraise import clock
from fundraise.campaigns.models import Campaign
from mailings.appeals.models import Appeal, Message
from mailings.suppressions import services, wishes
from mailings.suppressions.models import Suppression
from tests.mailings.appeals.house import Fake, people, released, send_all, written
from tests.people import CECILIA

pytestmark = pytest.mark.django_db


def sent(campaign: Campaign, **options: Any) -> Appeal:
    """The next appeal, gone to whoever may have it."""
    Fake.anew()
    appeal = released(written(campaign, **options))
    send_all(appeal)
    return appeal


def header(address: str) -> str:
    """List-Unsubscribe as the person at an address gets it."""
    for request in Fake.requests:
        for one in request.people:
            if one.to == address:
                text = dict(request.content.headers)["List-Unsubscribe"]
                for name, value in zip(request.content.tags, one.values, strict=True):
                    text = text.replace(f"-fr_{name}-", value)
                return text
    raise AssertionError(f"no mail to {address}")


def outcomes(appeal: Appeal) -> dict[int, str]:
    return dict(Message.objects.filter(appeal=appeal).values_list("donor_id", "outcome"))


def test_who_left_by_one_click_or_mailto_gets_no_next_appeal(
    campaign: Campaign, settings: Settings, client: Client
) -> None:
    settings.MAIL_INBOUND_DOMAIN = "svar.example.org"
    anna, bo, cissi = people(3)
    sent(campaign)
    assert sorted(Fake.delivered) == [f"anna{n}@example.org" for n in range(3)]
    both = re.fullmatch(
        r"<http://\S+?(/(?:en/unsubscribe|avregistrera)/(\S{24}))>, "
        r"<mailto:u\+\2@svar\.example\.org\?subject=unsubscribe>",
        header("anna0@example.org"),
    )
    assert both is not None
    assert client.post(both[1]).status_code == 200
    again = sent(campaign)
    assert sorted(Fake.delivered) == ["anna1@example.org", "anna2@example.org"]
    assert outcomes(again) == {bo.pk: "", cissi.pk: ""}
    assert not may(anna.pk, "appeals")


@pytest.mark.parametrize("reason", Suppression.Reason.values)
def test_no_reason_lets_an_address_through_at_preparing_or_at_the_last_look(
    campaign: Campaign, reason: str
) -> None:
    anna, bo, cissi = people(3)
    keys = [lookup.email_hashes(f"anna{n}@example.org")[0] for n in range(3)]
    services.suppress(email_key=keys[0], reason=reason, source="event", by="system:test")
    Fake.anew()
    appeal = released(written(campaign))
    services.suppress(email_key=keys[1], reason=reason, source="event", by="system:test")
    send_all(appeal)
    assert list(Fake.delivered) == ["anna2@example.org"]
    found = outcomes(appeal)
    assert found.get(anna.pk, "suppressed") == "suppressed"  # not chosen, or left out
    assert (found[bo.pk], found[cissi.pk]) == ("suppressed", "")


def test_who_wants_to_hear_seldom_is_left_out_until_it_is_time(campaign: Campaign) -> None:
    anna, bo = people(2)
    wishes.wish_for(donor_id=anna.pk, every_days=30, source="mail_choices", by=CECILIA)
    first = sent(campaign)
    assert outcomes(first) == {anna.pk: "", bo.pk: ""}
    second = sent(campaign, ignores_cap=True)
    assert outcomes(second) == {anna.pk: "capped", bo.pk: ""}
    clock.use(lambda: timedelta(days=31))
    try:
        assert outcomes(sent(campaign)) == {anna.pk: "", bo.pk: ""}
    finally:
        clock.use(None)
