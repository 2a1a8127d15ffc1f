"""The list of funds: what money is for, with what came in for each."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.campaigns import queries
from fundraise.campaigns.models import Fund
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.templatetags.staff import named


def gifts_url(fund: Fund) -> str:
    """The gifts that stand: received for the fund's campaigns, and not wholly given back."""
    chosen = {"fund": fund.ref, "state": "received", "left": "yes"}
    return f"{reverse('console:gifts')}?{urlencode(chosen)}"


def campaigns_url(fund: Fund) -> str:
    """The campaigns whose money is for it."""
    return f"{reverse('console:campaigns')}?{urlencode({'fund': fund.ref})}"


def state_of(fund: Fund) -> str:
    """A key of its badges."""
    return "away" if fund.put_away_at else "used"


FUNDS = Table(
    name="funds",
    title=_("Funds"),
    permission="campaigns.view",
    take_out="gifts.export",
    rows=queries.funds_with_sums,
    count=lambda n, shown: ngettext("%(number)s fund", "%(number)s funds", n) % {"number": shown},
    empty=_("No fund fits."),
    template="funds",
    columns=(
        Column("name", _("Fund"), named, link=lambda f: reverse("console:fund", args=[f.ref])),
        Column("state", _("State"), state_of, badge="fund"),
        Column(
            "received_ore", _("Received"), lambda f: f.received_ore, Kind.MONEY,
            link=gifts_url, total="received_ore",
        ),
        Column(
            "gifts", _("Gifts"), lambda f: f.gift_number, Kind.NUMBER, link=gifts_url,
            total="gift_number",
        ),
        Column(
            "campaigns", _("Campaigns"), lambda f: f.campaign_number, Kind.NUMBER,
            link=campaigns_url, wide=True, total="campaign_number",
        ),
        Column("entity", _("Whose fund"), lambda f: f.entity.name, wide=True),
        Column("ref", _("Reference"), lambda f: str(f.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.choice(
            "state", _("Show"), [("used", _("In use")), ("away", _("Put away"))],
            lambda rows, value, _viewer: rows.filter(
                Q(put_away_at=None) if value == "used" else ~Q(put_away_at=None)
            ),
        ),
        filters.entity("campaigns.view"),
    ),
)  # fmt: skip
