"""The demo's party and one of its districts: books, campaigns and accounts with providers.

Everything is made once; what a person changed afterwards stays as it is. The organisation is
invented: their numbers have a right check digit and lie where none has been given out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign, Fund
from fundraise.ledger import services as ledger
from fundraise.ledger.models import LegalEntity
from fundraise.ops.demo import picture
from fundraise.pledges.models import PayerRange
from fundraise.providers.giro.models import Agreement
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
DISTRICT = {
    "name": "Framtidspartiet Skåne",
    "org_number": "802999-9987",
    "kind": LegalEntity.Kind.PARTY,
    "phone": "040-123 45 67",
    "email": "skane@framtidspartiet.example",
    "address": "Box 45, 201 20 Malmö",
    "statement_text": "FRAMTIDSP SKANE",
}
DISTRICT_FUND = {
    "name_sv": "Lokalen i Malmö",
    "name_en": "The rooms in Malmö",
    "purpose_sv": "Hyra, el och möbler, och ingenting annat.",
    "purpose_en": "Rent, power and furniture, and nothing else.",
}
YOUNG = {
    "name_sv": "Utbildning av unga",
    "name_en": "Training of young people",
    "purpose_sv": "Läger och kurser för medlemmar under trettio.",
    "purpose_en": "Camps and courses for members under thirty.",
}
DISTRICT_CAMPAIGN = {
    "title_sv": "En lokal i Malmö",
    "title_en": "Rooms in Malmö",
    "purpose_sv": "Din gåva betalar hyran för en lokal där vi möts.",
    "purpose_en": "Your gift pays the rent for rooms where we meet.",
    "goal_ore": 80_000_00,
    "theme_colour": "#1d4ed8",
}
CAMPAIGN = {
    "title_sv": "Två miljoner till valet",
    "title_en": "Two million for the election",
    "purpose_sv": "Din gåva betalar valarbetare, möten och material i hela landet.",
    "purpose_en": "Your gift pays for canvassers, meetings and leaflets all over the country.",
    "goal_ore": 2_000_000_00,
    "theme_colour": "#0b5d4e",
    "monthly_open": True,
    "first_frequency": Campaign.Frequency.MONTHLY,
    "picture_alt_sv": "Mjuka kullar i grönt under en ljus himmel.",
    "picture_alt_en": "Soft green hills under a light sky.",
}
SLUG = "valet"
BANKGIRO = "991-2346"  # the number in Bankgirot's own examples
PAYER_NUMBERS = {"first": 100_000_000, "last": 999_999_999}
GOES_ON_FOR = timedelta(days=120)
DISTRICT_SLUG = "skane"


def ensure_party() -> LegalEntity:
    """The party with open books, and a fund that the next campaign may choose."""
    entity = _entity("framtidspartiet", PARTY)
    _fund(entity, YOUNG)
    return entity


def _fund(entity: LegalEntity, fields: Mapping[str, str]) -> Fund:
    found = Fund.objects.filter(entity=entity, is_default=False).order_by("pk").first()
    return found or campaigns.create_fund(entity=entity, by=BY, **fields)


def ensure_district(parent: LegalEntity, starts_on: date) -> LegalEntity:
    """A district with books, a campaign for a fund of its own, and a Swish number."""
    entity = _entity("framtidspartiet-skane", {**DISTRICT, "parent": parent})
    if not Campaign.objects.filter(slug=DISTRICT_SLUG).exists():
        fields = {**DISTRICT_CAMPAIGN, "starts_on": starts_on, "status": Campaign.Status.LIVE}
        fund = _fund(entity, DISTRICT_FUND)
        campaigns.create_campaign(entity=entity, slug=DISTRICT_SLUG, by=BY, fund=fund, **fields)
    _account(entity, "manual", "skane", name="Kontant och bankgiro, Skåne")
    _account(entity, "swish_number", "skane", name="Swish, Skåne", external_id="1230000018")
    return entity


@transaction.atomic
def _entity(slug: str, fields: Mapping[str, object]) -> LegalEntity:
    entity, is_new = LegalEntity.objects.get_or_create(slug=slug, defaults=fields)
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
    """Stripe, autogiro, what comes by hand, and a plain Swish number that is switched off."""
    stripe = _account(
        entity,
        "stripe",
        "demo",
        name="Stripe",
        settings_prefix="STRIPE",
        external_id=STAND_IN if settings.MODE == "demo" else "",
    )
    _account(entity, "manual", "demo", name="Kontant och bankgiro", external_id="123-4567")
    autogiro = _account(entity, "autogiro", "demo", name="Autogiro", external_id=BANKGIRO)
    Agreement.objects.get_or_create(account=autogiro)
    PayerRange.objects.get_or_create(entity=entity, defaults=PAYER_NUMBERS)
    number = {"external_id": "1230000000", "is_active": False}
    _account(entity, "swish_number", "demo", name="Swish-nummer", **number)
    return stripe


def _account(entity: LegalEntity, provider: str, slug: str, **fields: object) -> Account:
    account, _is_new = Account.objects.get_or_create(
        provider=provider, slug=slug, defaults={"entity": entity, **fields}
    )
    return account
