"""The demo's party: its books, its campaign and its accounts with providers.

Everything is made once; what a person changed afterwards stays as it is. The organisation is
invented: its number has a right check digit and lies where none has been given out.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.ledger import services as ledger
from fundraise.ledger.models import LegalEntity
from fundraise.ops.demo import picture
from fundraise.providers.models import Account

BY = "system:demo"
STAND_IN = "acct_standin"
PARTY = {
    "name": "Framtidspartiet",
    "org_number": "802999-9995",
    "kind": LegalEntity.Kind.PARTY,
    "phone": "08-123 45 67",
    "email": "ekonomi@framtidspartiet.example",
    "address": "Box 123, 111 22 Stockholm",
    "statement_text": "FRAMTIDSPARTIET",
}
CAMPAIGN = {
    "title_sv": "Två miljoner till valet",
    "title_en": "Two million for the election",
    "purpose_sv": "Din gåva betalar valarbetare, möten och material i hela landet.",
    "purpose_en": "Your gift pays for canvassers, meetings and leaflets all over the country.",
    "goal_ore": 2_000_000_00,
    "theme_colour": "#0b5d4e",
    "picture_alt_sv": "Mjuka kullar i grönt under en ljus himmel.",
    "picture_alt_en": "Soft green hills under a light sky.",
}
SLUG = "valet"
GOES_ON_FOR = timedelta(days=120)


@transaction.atomic
def ensure_party() -> LegalEntity:
    """The party with open books."""
    entity, is_new = LegalEntity.objects.get_or_create(slug="framtidspartiet", defaults=PARTY)
    ledger.open_books(entity)
    if is_new:
        audit.log_change(
            by=BY,
            action="entity.created",
            subject_type="legal_entity",
            subject_ref=entity.ref,
            after={"slug": entity.slug},
        )
    return entity


def ensure_campaign(entity: LegalEntity, starts_on: date) -> Campaign:
    """The live campaign, with a picture."""
    found = Campaign.objects.filter(slug=SLUG).first()
    if found is not None:
        return found
    days = {"starts_on": starts_on, "ends_on": clock.today() + GOES_ON_FOR}
    fields = {**CAMPAIGN, **days, "status": Campaign.Status.LIVE}
    return campaigns.create_campaign(
        entity=entity, slug=SLUG, by=BY, picture=picture.ensure(), **fields
    )


def ensure_accounts(entity: LegalEntity) -> Account:
    """Stripe, cash and bank by hand, and a plain Swish number that waits to be switched on."""
    stripe = _account(
        entity,
        "stripe",
        "demo",
        name="Stripe",
        settings_prefix="STRIPE",
        external_id=STAND_IN if settings.MODE == "demo" else "",
    )
    _account(entity, "manual", "demo", name="Kontant och bankgiro")
    number = {"external_id": "1230000000", "is_active": False}
    _account(entity, "swish_number", "demo", name="Swish-nummer", **number)
    return stripe


def _account(entity: LegalEntity, provider: str, slug: str, **fields: object) -> Account:
    account, _is_new = Account.objects.get_or_create(
        provider=provider, slug=slug, defaults={"entity": entity, **fields}
    )
    return account
