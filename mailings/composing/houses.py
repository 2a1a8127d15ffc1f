"""Who sends and for which campaign, read from their rows."""

from __future__ import annotations

from django.conf import settings

from fundraise.campaigns import queries as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from fundraise.pledges.upgrading import suggested_ore
from mailings.composing.drafts import House
from mailings.composing.terms import Terms
from mailings.composing.values import Monthly


def of_campaign(campaign: Campaign, language: str) -> House:
    """The house of an appeal's mail."""
    entity = campaign.entity
    return House(
        organisation=entity.name,
        org_number=entity.org_number,
        address=entity.address,
        base_url=settings.BASE_URL,
        campaign=campaign.title(language),
        slug=campaign.slug,
        colour=campaign.theme_colour,
    )


def of_entity(entity: LegalEntity, language: str) -> House:
    """The house of a template: its newest campaign stands for all of them."""
    newest = example_campaign(entity)
    if newest is not None:
        return of_campaign(newest, language)
    return House(
        organisation=entity.name,
        org_number=entity.org_number,
        address=entity.address,
        base_url=settings.BASE_URL,
        campaign={"sv": "Insamlingen", "en": "The campaign"}[language],
        slug="insamling",
    )


def example_campaign(entity: LegalEntity) -> Campaign | None:
    """The campaign that a template is shown with: the newest live one, else the newest."""
    rows = Campaign.objects.filter(entity=entity).select_related("entity", "thermometer")
    return rows.filter(status="live").order_by("-pk").first() or rows.order_by("-pk").first()


def monthly_of(pledge: Pledge | None) -> Monthly | None:
    """A monthly gift as a mail may raise it, when one person's mail is looked at."""
    if pledge is None:
        return None
    ore = pledge.amount_ore
    highest = pledge.campaign.maximum_ore
    return Monthly(str(pledge.ref), ore, pledge.interval_months, highest, suggested_ore(ore))


def terms_of(campaign: Campaign) -> Terms:
    """The campaign's sums and where it stands now."""
    reading = campaigns.thermometer(campaign)
    return Terms(
        minimum_ore=campaign.minimum_ore,
        maximum_ore=campaign.maximum_ore,
        once=campaign.amounts_once,
        monthly=campaign.amounts_monthly,
        raised_ore=reading.received_ore,
        goal_ore=reading.goal_ore,
        givers=reading.public_donors,
    )
