"""The list of campaigns with what each has brought in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.campaigns.models import Campaign
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.templatetags.staff import named, titled


def gifts_url(campaign: Campaign) -> str:
    """The gifts that a campaign's thermometer counts: received, and not wholly given back."""
    chosen = {"campaign": campaign.slug, "state": "received", "left": "yes"}
    return f"{reverse('console:gifts')}?{urlencode(chosen)}"


CAMPAIGNS = Table(
    name="campaigns",
    title=_("Campaigns"),
    permission="campaigns.view",
    take_out="gifts.export",
    rows=lambda: Campaign.objects.select_related("thermometer", "entity", "fund").annotate(
        received_ore=F("thermometer__received_ore"),
        gift_number=F("thermometer__gifts"),
    ),
    count=lambda n, shown: (
        ngettext("%(number)s campaign", "%(number)s campaigns", n) % {"number": shown}
    ),
    empty=_("No campaign yet. Each one will stand here with what it has brought in."),
    template="campaigns",
    columns=(
        Column(
            "title",
            _("Campaign"),
            titled,
            link=lambda c: reverse("console:campaign", args=[c.ref]),
        ),
        Column("status", _("Status"), lambda c: c.status, badge="campaign"),
        Column(
            "received_ore",
            _("Received"),
            lambda c: c.received_ore,
            Kind.MONEY,
            total="received_ore",
        ),
        Column(
            "promised_ore",
            _("Promised by monthly gifts"),
            lambda c: c.thermometer.promised_ore,
            Kind.MONEY,
            wide=True,
        ),
        Column(
            "forecast_ore",
            _("Forecast"),
            lambda c: c.thermometer.forecast_ore,
            Kind.MONEY,
            on_page=False,
        ),
        Column("goal_ore", _("Goal"), lambda c: c.goal_ore, Kind.MONEY, wide=True),
        Column(
            "gifts",
            _("Gifts"),
            lambda c: c.gift_number,
            Kind.NUMBER,
            link=gifts_url,
            wide=True,
            total="gift_number",
        ),
        Column("donors", _("Donors"), lambda c: c.thermometer.donors, Kind.NUMBER, wide=True),
        Column(
            "fund",
            _("Fund"),
            lambda c: named(c.fund),
            wide=True,
            link=lambda c: reverse("console:fund", args=[c.fund.ref]),
        ),
        Column("slug", _("Page address"), lambda c: c.slug, Kind.CODE, on_page=False),
        Column("entity", _("Whose campaign"), lambda c: c.entity.slug, on_page=False),
        Column("starts_on", _("First day"), lambda c: c.starts_on, Kind.DAY, on_page=False),
        Column("ends_on", _("Last day"), lambda c: c.ends_on, Kind.DAY, on_page=False),
    ),
    filters=(
        filters.choice(
            "status",
            _("Show"),
            Campaign.Status.choices,
            filters.where("status"),
        ),
        filters.fund("campaigns.view", "fund"),
        filters.entity("campaigns.view"),
        *filters.dates("starts_on"),
        *filters.sums("goal_ore"),
    ),
)
