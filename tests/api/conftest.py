"""A furnished house, and keys of every role for the party, for a district and for nothing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.keys import services as keys
from fundraise.keys.models import ApiKey
from fundraise.ledger.models import LegalEntity
from fundraise.providers.models import Account
from fundraise.staff.roles import of_role
from fundraise.staff.services import give_role
from tests.console.house import House, furnish
from tests.people import make_campaign, make_party

V1 = "/api/v1/"


@dataclass
class Api:
    """A program with a key, or without."""

    text: str = field(default="", repr=False)
    key: ApiKey | None = None
    client: Client = field(default_factory=Client)

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        opened = {"Authorization": f"Bearer {self.text}"} if self.text else {}
        return {**opened, **(more or {})}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(_full(path), query, headers=self.headers())

    def post(self, path: str, body: Any = None, *, once: str | None = None, **headers: str) -> Any:
        """A write with a fresh Idempotency-Key, or with `once`; an empty one sends none."""
        named = str(uuid.uuid4()) if once is None else once
        more = {**headers, **({"Idempotency-Key": named} if named else {})}
        return self.client.post(
            _full(path), json.dumps(body), content_type="application/json",
            headers=self.headers(more),
        )  # fmt: skip

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(
            _full(path), json.dumps(body), content_type="application/json", headers=self.headers()
        )


def _full(path: str) -> str:
    return path if path.startswith(("/", "http")) else V1 + path


KeyFor = Callable[..., Api]


@pytest.fixture
def party(db: None) -> LegalEntity:
    return make_party()


@pytest.fixture
def campaign(party: LegalEntity) -> Campaign:
    return make_campaign(party)


@pytest.fixture
def stripe(campaign: Campaign) -> Account:
    return Account.objects.create(
        entity=campaign.entity, provider="stripe", slug="main", name="Stripe",
        settings_prefix="STRIPE",
    )  # fmt: skip


@pytest.fixture
def swish(campaign: Campaign) -> Account:
    """A plain Swish number: a gift can be started without any provider's page."""
    return Account.objects.create(
        entity=campaign.entity, provider="swish_number", slug="swish", name="Swish",
        external_id="1231234567",
    )  # fmt: skip


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    return furnish(campaign, stripe)


@pytest.fixture
def district(party: LegalEntity) -> Campaign:
    """A district's campaign; its entity stands under the party."""
    made = make_party("skane")
    made.parent = party
    made.save(update_fields=["parent"])
    return make_campaign(made, "skane")


def key_for(entity: LegalEntity, *roles: str, permissions: frozenset[str] | None = None) -> Api:
    """A program with the key of somebody who has these roles for an entity."""
    name = "-".join((*roles, entity.slug))
    user, new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    for role in roles if new else ():
        give_role(user, role, entity, by="system:test")
    wanted = permissions or frozenset[str]().union(*(of_role(role) for role in roles))
    return key_of(user, wanted, entity)


def key_of(user: User, permissions: Collection[str], *entities: LegalEntity) -> Api:
    """A program with a key that somebody made; it may do what they may do, for each entity."""
    made = keys.make_key(
        User.objects.get(pk=user.pk),
        name=user.username,
        permissions=permissions,
        entities=entities,
        expires_at=clock.real_now() + timedelta(days=30),
    )
    return Api(made.text, made.key)


@pytest.fixture
def treasurer(party: LegalEntity) -> Api:
    return key_for(party, "treasurer")


@pytest.fixture
def donor_care(party: LegalEntity) -> Api:
    return key_for(party, "donor_care")


@pytest.fixture
def comms(party: LegalEntity) -> Api:
    return key_for(party, "comms")


@pytest.fixture
def nobody(db: None) -> Api:
    return Api()
