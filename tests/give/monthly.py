"""Monthly giving open on a campaign, and its form as a browser without a script sends it."""

from __future__ import annotations

from django.test import Client

from fundraise.campaigns.models import Campaign
from fundraise.pledges.models import Mandate, PayerRange, Pledge
from fundraise.providers.giro.models import Agreement
from fundraise.providers.models import Account
from tests.give.form import Answer, give

NUMBER = "19811228-9874"
ACCOUNT = "SEB 5102 0158751"
GOOD = {
    "frequency": "monthly",
    "amount_once": "",
    "amount_monthly": "20000",
    "payer_number": NUMBER,
    "account": ACCOUNT,
    "mandate": "on",
    "way": "",
}


def open_monthly(campaign: Campaign, *, first: bool = False) -> Account:
    """Autogiro set up for the campaign's entity, and switched on in the campaign."""
    campaign.monthly_open = True
    if first:
        campaign.first_frequency = Campaign.Frequency.MONTHLY
    campaign.save()
    PayerRange.objects.create(entity=campaign.entity, first=100_000_000, last=999_999_999)
    account = Account.objects.create(
        entity=campaign.entity,
        provider="autogiro",
        slug="main",
        name="Autogiro",
        external_id="991-2346",
    )
    Agreement.objects.create(account=account)
    return account


def sign_up(client: Client, path: str = "/valet/", **changes: str) -> Answer:
    """Open the page and send the form for every month, well filled in but for the changes."""
    return give(client, path, **{**GOOD, **changes})


def only_pledge() -> tuple[Pledge, Mandate]:
    """The one pledge there is, and its mandate."""
    pledge = Pledge.objects.get()
    return pledge, pledge.mandates.get()
