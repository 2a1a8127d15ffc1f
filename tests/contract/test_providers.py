"""What every provider owes, the ones without a service to call included.

A provider of its own with a service to call is also run through the journeys of tests/providers.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from fundraise import clock
from fundraise.providers import pull, queries
from fundraise.providers.base import (
    BadSignature,
    ByHand,
    ChargeRequest,
    Provider,
    provider_named,
)
from fundraise.providers.models import Account, ProviderEvent
from tests.people import make_party

pytestmark = pytest.mark.django_db
NAMES = sorted(settings.PROVIDERS)
METHODS = [
    "way",
    "start",
    "ask",
    "close",
    "save_method",
    "charge",
    "find_charge",
    "forget_payer",
    "refund",
    "parse",
    "facts",
    "settlements",
    "health",
    "sample",
]
OFFLINE = [name for name in NAMES if not provider_named(name).hosted]


def account(name: str, **fields: object) -> Account:
    return Account.objects.create(
        entity=make_party(), provider=name, slug="contract", name=name, **fields
    )


@pytest.mark.parametrize("name", NAMES)
class TestEveryProvider:
    def test_it_answers_to_its_name_and_has_every_method(self, name: str) -> None:
        provider: Provider = provider_named(name)
        assert provider.name == name
        assert [m for m in METHODS if not callable(getattr(provider, m, None))] == []

    def test_it_refuses_a_message_that_nobody_signed(self, name: str) -> None:
        mine = account(name, settings_prefix="STRIPE")
        with pytest.raises(BadSignature):
            provider_named(name).parse(mine, b'{"id": "evt_1"}', {})
        answer = Client().post(
            f"/webhooks/{name}/contract", data=b"{}", content_type="application/json"
        )
        assert (answer.status_code, ProviderEvent.objects.count()) == (400, 0)

    def test_it_leaves_a_kind_of_event_it_does_not_know(self, name: str) -> None:
        mine = account(name, settings_prefix="STRIPE")
        assert provider_named(name).facts(mine, "something.new", "x_1") is None

    def test_its_way_to_give_is_named_like_itself(self, name: str) -> None:
        mine = account(name, external_id="1231231231")
        ways = queries.ways(mine.entity_id)
        assert {way.method for way in ways} <= {name}

    def test_a_get_of_its_address_is_refused(self, name: str) -> None:
        account(name)
        assert Client().get(f"/webhooks/{name}/contract").status_code == 405


@pytest.mark.parametrize("name", OFFLINE)
def test_a_provider_without_a_service_has_nothing_to_pull(name: str) -> None:
    assert pull.pull(account(name), since=clock.now() - timedelta(days=1)) == (0, 0)


def test_an_account_that_is_switched_off_is_no_way_and_still_hears_what_comes() -> None:
    mine = account("stripe", is_active=False)
    assert queries.ways(mine.entity_id) == []
    unsigned = Client().post(
        "/webhooks/stripe/contract", data=b"{}", content_type="application/json"
    )
    nowhere = Client().post("/webhooks/stripe/other", data=b"{}", content_type="application/json")
    assert (unsigned.status_code, nowhere.status_code) == (400, 404)


def test_one_account_of_a_kind_takes_an_entitys_gifts() -> None:
    mine = account("stripe")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(entity=mine.entity, provider="stripe", slug="second", name="x")
    Account.objects.create(
        entity=mine.entity, provider="stripe", slug="old", name="x", is_active=False
    )


@pytest.mark.parametrize("name", OFFLINE)
def test_a_provider_without_a_service_keeps_no_card_and_draws_on_none(name: str) -> None:
    provider, mine = provider_named(name), account(name)
    draw = ChargeRequest("key", UUID(int=1), UUID(int=2), 100_00, "customer", "card")
    with pytest.raises(ByHand):
        provider.charge(mine, draw)
    assert provider.find_charge(mine, draw, end=True) == []
