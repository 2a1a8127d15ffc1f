"""What stops when a campaign is over: appeals and journeys that ask for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.campaigns.models import Campaign
from mailings.appeals import asking
from mailings.appeals.models import Appeal
from mailings.appeals.services import closing
from mailings.journeys import closing as ending
from mailings.journeys.models import Journey


@dataclass(frozen=True, slots=True)
class Stops:
    """One appeal or journey, and what becomes of it."""

    name: str
    url: str
    said: str


def of(campaign: Campaign) -> list[Stops]:
    """What would stop if it were closed now, or what stops since it is."""
    return [*_appeals(campaign), *_journeys(campaign)]


def _appeals(campaign: Campaign) -> list[Stops]:
    rows = Appeal.objects.filter(campaign=campaign).exclude(kind=Appeal.Kind.JOURNEY)
    waits = rows.filter(state__in=closing.STOPPED)
    if campaign.is_over(clock.today()):
        waits |= rows.filter(state=Appeal.State.PAUSED, paused_for=asking.OVER)
    said = {
        Appeal.State.SCHEDULED: _("is scheduled: it becomes a draft again"),
        Appeal.State.PAUSED: _("is paused, and goes on only when the campaign is open"),
    }
    return [
        Stops(
            row.title,
            reverse("console:appeal", args=[row.ref]),
            said.get(Appeal.State(row.state), _("is being sent: it is paused")),
        )
        for row in waits.order_by("send_at", "pk")
        if asking.asks(row)
    ]


def _journeys(campaign: Campaign) -> list[Stops]:
    on = Journey.objects.filter(campaign=campaign, state=Journey.State.ON).order_by("pk")
    return [
        Stops(row.name, reverse("console:journey", args=[row.ref]), _journey_words())
        for row in on
        if ending.asks(row)
    ]


def _journey_words() -> str:
    return _("is a journey: whoever would get a mail that asks for the campaign leaves it instead")
