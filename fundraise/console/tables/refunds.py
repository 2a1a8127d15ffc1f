"""The list of refunds."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import queues, reasons, words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.tables.gifts import gift_column, with_reference
from fundraise.console.templatetags.staff import channel, titled
from fundraise.gifts.models import Gift, Refund
from fundraise.refs import refs_of_short


def _refund_reference(typed: str) -> Q:
    """A refund's own ref or the provider's, or any name of its gift."""
    found = Q(provider_ref=typed.strip()) | Q(gift__in=Gift.objects.filter(with_reference(typed)))
    if between := refs_of_short(typed):
        return found | Q(ref__range=between)
    try:
        return found | Q(ref=UUID(typed))
    except ValueError:
        return found


REFUNDS = Table(
    name="refunds",
    title=_("Refunds"),
    permission="refunds.view",
    take_out="money.export",
    path="gift__entity",
    rows=lambda: Refund.objects.select_related("gift__campaign", "gift__entity"),
    count=lambda n, shown: (
        ngettext("%(number)s refund", "%(number)s refunds", n) % {"number": shown}
    ),
    empty=_("No refund yet. Open a gift and choose Pay back to make one."),
    columns=(
        Column(
            "ref",
            _("Refund"),
            lambda r: str(r.ref),
            Kind.CODE,
            link=lambda r: reverse("console:refund", args=[r.ref]),
            show=lambda r: str(r.ref)[:8],
        ),
        Column("created_at", _("Asked for"), lambda r: r.created_at, Kind.TIME),
        Column("state", _("State"), lambda r: r.state, badge="refund"),
        Column("channel", _("How"), lambda r: r.gift.channel, words=channel, wide=True),
        Column("reason", _("Reason"), lambda r: r.reason, wide=True),
        gift_column(),
        Column("amount_ore", _("Sum"), lambda r: r.amount_ore, Kind.MONEY, total="amount_ore"),
        Column(
            "failure", _("Why it failed"), lambda r: r.failure, words=reasons.failure, on_page=False
        ),
        Column("campaign", _("Campaign"), lambda r: r.gift.campaign, words=titled, on_page=False),
        Column("entity", _("Whose books"), lambda r: r.gift.entity.slug, on_page=False),
        Column("sent_at", _("Sent"), lambda r: r.sent_at, Kind.TIME, on_page=False),
        Column(
            "requested_by",
            _("Asked for by"),
            lambda r: r.requested_by,
            words=words.actor,
            on_page=False,
        ),
        Column(
            "approved_by",
            _("Approved by"),
            lambda r: r.approved_by,
            words=words.actor,
            on_page=False,
        ),
        Column(
            "provider_ref",
            _("The provider's name for it"),
            lambda r: r.provider_ref,
            Kind.CODE,
            on_page=False,
        ),
    ),
    filters=(
        filters.state("refund"),
        filters.choice(
            "decide",
            _("that wait for"),
            [("mine", _("my decision"))],
            lambda rows, _value, viewer: rows.filter(
                pk__in=queues.refunds_to_decide(viewer.held, viewer.who).values("pk")
            ),
            every=_("anybody or nobody"),
        ),
        filters.campaign("refunds.view", "gift__campaign"),
        filters.entity("refunds.view", "gift__entity"),
        *filters.moments("created_at"),
        *filters.sums(),
        filters.reference(_refund_reference),
    ),
)
