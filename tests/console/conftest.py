"""Staff who are logged in, a campaign, and gifts in every state."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import services as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.local import prepare
from fundraise.providers import by_hand, settle
from fundraise.providers.models import Account
from fundraise.staff.roles import Role
from fundraise.staff.services import give_role
from tests.people import make_campaign, make_party

BJORN = Giver(
    name="Björn Testgren",
    email="bjorn.testgren@example.se",
    phone="070-174 06 05",
    address="Provgatan 7",
    postcode="123 45",
    city="Teststad",
)
PERSONAL = ["Björn", "Testgren", "bjorn.testgren", "174 06 05", "Provgatan", "Teststad"]
LogIn = Callable[..., Client]


@pytest.fixture(scope="session", autouse=True)
def _swedish() -> None:
    """The catalogue as the set-up step makes it, and made already unless a text is newer."""
    if not prepare.compile_catalogues():
        return
    gettext._translations.clear()  # type: ignore[attr-defined]
    translation.trans_real._translations.clear()  # type: ignore[attr-defined]


@pytest.fixture
def party(db: None) -> LegalEntity:
    return make_party()


@pytest.fixture
def campaign(party: LegalEntity) -> Campaign:
    return make_campaign(party)


@pytest.fixture
def stripe(campaign: Campaign) -> Account:
    return Account.objects.create(
        entity=campaign.entity,
        provider="stripe",
        slug="main",
        name="Stripe",
        settings_prefix="STRIPE",
    )


PASSWORD = "a long enough password"


def make_user(name: str, *roles: str) -> User:
    """A member of staff with roles for every entity at the top; "boss" has them all."""
    user = User.objects.create_user(name, password=PASSWORD)
    user.is_staff, user.is_superuser = True, name == "boss"
    user.save()
    for role in Role.values if name == "boss" else roles:
        for entity in LegalEntity.objects.filter(parent=None):
            give_role(user, role, entity, with_districts=True, by="system:test")
    return user


@pytest.fixture
def log_in(party: LegalEntity) -> LogIn:
    """Logs a new member of staff in: log_in("david", "treasurer")."""

    def made(name: str, *roles: str) -> Client:
        client = Client()
        client.force_login(User.objects.filter(username=name).first() or make_user(name, *roles))
        return client

    return made


@pytest.fixture
def david(log_in: LogIn) -> Client:
    return log_in("david", "treasurer")


@pytest.fixture
def cecilia(log_in: LogIn) -> Client:
    return log_in("cecilia", "comms")


@pytest.fixture
def reader(log_in: LogIn) -> Client:
    return log_in("reader", "auditor")


def cash_gift(
    campaign: Campaign, ore: int = 500_00, proof: str = "slip 1", giver: Giver = BJORN
) -> Gift:
    """A gift of Björn's, or of another giver, in the cash box."""
    return by_hand.record_manual_gift(
        by_hand.ManualGift(
            campaign=campaign,
            amount_ore=ore,
            channel="cash",
            received_at=clock.now() - timedelta(hours=1),
            proof=proof,
            by="staff:1",
            giver=giver,
        )
    )


def card_gift(campaign: Campaign, account: Account, ore: int = 500_00, ref: str = "ch_1") -> Gift:
    """A gift of Björn's that Stripe shows."""
    at = clock.now() - timedelta(hours=1)
    gift = gifts.begin_gift(gifts.NewGift(campaign=campaign, amount_ore=ore, giver=BJORN))
    gifts.record_gift(
        gift.pk,
        gifts.Receipt(
            channel="card",
            amount_ore=ore,
            provider_ref=ref,
            received_at=at,
            movement=settle.movement(account, f"charge:{ref}", at),
        ),
    )
    gift.refresh_from_db()
    return gift


def swish_gift(campaign: Campaign, ore: int = 300_00) -> Gift:
    """A gift of Björn's to the plain Swish number, not seen at the bank yet."""
    return gifts.begin_gift(
        gifts.NewGift(campaign=campaign, amount_ore=ore, giver=BJORN, channel="swish_number")
    )
