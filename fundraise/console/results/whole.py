"""What a campaign got beside the appeals of a list, so that all of it is the thermometer's sum."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from fundraise.campaigns.models import Campaign, Thermometer
from mailings.appeals.models import Appeal
from mailings.attribution.models import GiftTouch


def rest(campaign: Campaign, listed: Iterable[Appeal]) -> list[tuple[str, int]]:
    """Journeys, appeals that are not listed, what no appeal brought; last, the campaign in all."""
    total = Thermometer.objects.filter(campaign=campaign).first()
    whole = total.received_ore if total else 0
    gifts = GiftTouch.objects.filter(gift__campaign=campaign)
    by_any = brought(gifts.filter(appeal__isnull=False))
    by_journeys = brought(gifts.filter(appeal__kind=Appeal.Kind.JOURNEY))
    by_listed = brought(gifts.filter(appeal__in=[row.pk for row in listed]))
    lines = [
        (_("Mails of journeys"), by_journeys),
        (_("Other appeals"), by_any - by_journeys - by_listed),
        (_("No appeal"), whole - by_any),
    ]
    return [*((label, ore) for label, ore in lines if ore), (_("The campaign in all"), whole)]


def brought(gifts: QuerySet[GiftTouch]) -> int:
    """What is left of counted gifts."""
    left = F("gift__amount_ore") - F("gift__refunded_ore") - F("gift__disputed_ore")
    received = gifts.filter(gift__state="received")
    return int(received.aggregate(ore=Sum(left))["ore"] or 0)
