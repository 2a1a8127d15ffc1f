"""The known people and the books they give to; the party's campaign asks for two million kronor.

anna gives monthly, björn once, cecilia asks (comms), david keeps the books (treasurer), eva is an
outsider.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from unittest.mock import patch

from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign, Fund
from fundraise.ledger import services as ledger
from fundraise.ledger.models import LegalEntity

NOON = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
CECILIA = "staff:cecilia"
DAVID = "staff:david"


def make_party(slug: str = "party") -> LegalEntity:
    """A party with open books."""
    entity = LegalEntity.objects.create(
        slug=slug,
        name="Framtidspartiet",
        org_number="802000-0000",
        kind=LegalEntity.Kind.PARTY,
        phone="08-123 45 67",
        email="ekonomi@framtidspartiet.example",
        statement_text="FRAMTIDSPARTIET",
    )
    ledger.open_books(entity)
    return entity


def make_fund(entity: LegalEntity, sv: str = "Ungdomar", en: str = "Young people") -> Fund:
    """Something of its own that an entity's money can be for."""
    return campaigns.create_fund(entity=entity, name_sv=sv, name_en=en, by=CECILIA)


def make_campaign(
    entity: LegalEntity, slug: str = "valet", *, fund: Fund | None = None
) -> Campaign:
    """A live campaign of an entity with the usual goal.

    Every other test makes it: what its constraints would say in words is not asked for, which is
    half of the time; the database holds them all the same.
    """
    with patch.object(Campaign, "validate_constraints"):
        return campaigns.create_campaign(
            entity=entity,
            slug=slug,
            title_sv="Två miljoner till valet",
            title_en="Two million for the election",
            purpose_sv="Din gåva betalar valarbetare i hela landet.",
            purpose_en="Your gift pays for canvassers all over the country.",
            starts_on=date(2026, 9, 1),
            ends_on=date(2027, 8, 31),
            status=Campaign.Status.LIVE,
            fund=fund,
            by=CECILIA,
        )
