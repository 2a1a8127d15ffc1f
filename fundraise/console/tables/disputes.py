"""The list of disputes."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import reasons
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.tables.gifts import gift_column, gift_url, with_reference
from fundraise.console.templatetags.staff import titled
from fundraise.gifts.models import Dispute, Gift

DISPUTES = Table(
    name="disputes",
    title=_("Disputes"),
    permission="disputes.view",
    take_out="money.export",
    path="gift__entity",
    rows=lambda: Dispute.objects.select_related("gift__campaign", "gift__entity"),
    count=lambda n, shown: (
        ngettext("%(number)s dispute", "%(number)s disputes", n) % {"number": shown}
    ),
    empty=_(
        "No dispute. When a giver's bank asks for money back, it stands here with its last day."
    ),
    template="disputes",
    columns=(
        Column(
            "opened_at",
            _("Opened"),
            lambda d: d.opened_at,
            Kind.TIME,
            link=lambda d: gift_url(d.gift),
        ),
        Column("state", _("State"), lambda d: d.state, badge="dispute"),
        Column("due_at", _("Last day to answer"), lambda d: d.due_at, Kind.TIME),
        Column("reason", _("Reason"), lambda d: d.reason, words=reasons.dispute_reason, wide=True),
        gift_column(),
        Column(
            "provider_ref",
            _("The provider's name for it"),
            lambda d: d.provider_ref,
            Kind.CODE,
            wide=True,
        ),
        Column(
            "amount_ore", _("Asked back"), lambda d: d.amount_ore, Kind.MONEY, total="amount_ore"
        ),
        Column(
            "taken_ore",
            _("Taken now"),
            lambda d: d.taken_ore,
            Kind.MONEY,
            wide=True,
            total="taken_ore",
        ),
        Column("campaign", _("Campaign"), lambda d: d.gift.campaign, words=titled, on_page=False),
        Column("entity", _("Whose books"), lambda d: d.gift.entity.slug, on_page=False),
    ),
    filters=(
        filters.state("dispute"),
        filters.campaign("disputes.view", "gift__campaign"),
        filters.entity("disputes.view", "gift__entity"),
        *filters.moments("opened_at"),
        *filters.sums(),
        filters.reference(
            lambda typed: (
                Q(provider_ref=typed.strip())
                | Q(gift__in=Gift.objects.filter(with_reference(typed)))
            )
        ),
    ),
)
