"""A party and its district Skåne, with the same things in both houses."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.test import Client

from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.providers.models import Account
from fundraise.staff.services import give_role
from tests.console.house import House, furnish
from tests.people import make_campaign, make_party


@dataclass(frozen=True)
class Land:
    """The two houses, told apart by whose they are."""

    party: House
    district: House


def make_district(party: LegalEntity) -> LegalEntity:
    """Skåne, with books of its own."""
    made = make_party("skane")
    made.parent, made.name = party, "Framtidspartiet Skåne"
    made.save(update_fields=["parent", "name"])
    return made


def make_account(entity: LegalEntity, slug: str) -> Account:
    """An entity's own account at the provider."""
    return Account.objects.create(
        entity=entity, provider="stripe", slug=slug, name=slug.title(), settings_prefix="STRIPE"
    )


def make_land(campaign: Campaign, account: Account) -> Land:
    """Furnish the party's house and the district's."""
    district = make_district(campaign.entity)
    own = make_campaign(district, "skane")
    return Land(
        party=furnish(campaign, account),
        district=furnish(own, make_account(district, "skane"), mark="skane-"),
    )


def staff_of(
    name: str, role: str, *entities: LegalEntity, with_districts: bool = False
) -> tuple[User, Client]:
    """Somebody who has a role for these entities only, logged in."""
    user = User.objects.create_user(name, password="a long enough password", is_staff=True)
    for entity in entities:
        give_role(user, role, entity, with_districts=with_districts, by="system:test")
    client = Client()
    client.force_login(user)
    return user, client
