"""The list of gifts. No column of the page says who gave; a file does where it is asked to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.campaigns.models import Campaign
from fundraise.console import queues
from fundraise.console.badges import KINDS
from fundraise.console.tables import filters, gift_file, gift_names, named
from fundraise.console.tables.base import Column, Kind, Table, Viewer
from fundraise.console.templatetags.staff import channel, titled
from fundraise.console.words import Text
from fundraise.gifts.models import Channel, Gift
from fundraise.gifts.queries import STANDS
from fundraise.refs import refs_of_short
from mailings.appeals.models import Appeal
from mailings.attribution import added, behind


def _count(n: int, shown: str) -> str:
    return ngettext("%(number)s gift", "%(number)s gifts", n) % {"number": shown}


def gift_url(gift: Gift) -> str:
    """The page of a gift."""
    return reverse("console:gift", args=[gift.ref])


def with_reference(typed: str) -> Q:
    """The short reference of a Swish message, the gift's whole ref, or the provider's."""
    if found := refs_of_short(typed):
        return Q(ref__range=found)
    with suppress(ValueError):
        return Q(ref=UUID(typed))
    return Q(provider_ref=typed.strip())


def _needs(rows: QuerySet[Any], _value: str, viewer: Viewer) -> QuerySet[Any]:
    return rows.filter(pk__in=queues.without_donor(viewer.held).values("pk"))


def _of_part(*, held: bool) -> Callable[[str], QuerySet[Gift] | None]:
    """The gifts of those whom an appeal asked, or of those left out to compare with."""

    def narrow(ref: str) -> QuerySet[Gift] | None:
        appeal = Appeal.objects.select_related("campaign").filter(ref=ref).first()
        if appeal is None or appeal.frozen_at is None:
            return None
        return added.gifts_of(appeal, held=held)

    return narrow


def gift_column() -> Column:
    return Column(
        "gift",
        _("Gift"),
        lambda row: str(row.gift.ref),
        Kind.CODE,
        link=lambda row: gift_url(row.gift),
        show=lambda row: str(row.gift.ref)[:8],
        wide=True,
    )


def _titles() -> dict[str, Text]:
    return {row.slug: titled(row) for row in Campaign.objects.all()}


LED = {
    "monthly_given_ore": behind.BY_PLEDGE & Q(touch__appeal__isnull=False),
    "passed_on": behind.PASSED_ON,
}
GIFTS = Table(
    name="gifts",
    title=_("Gifts"),
    permission="gifts.view",
    take_out="gifts.export",
    rows=lambda: Gift.objects.select_related("campaign", "entity"),
    count=_count,
    empty=_("No gift yet. Each one stands here as soon as its giver has begun."),
    template="gifts",
    columns=(
        Column(
            "ref",
            _("Gift"),
            lambda g: str(g.ref),
            Kind.CODE,
            link=gift_url,
            show=lambda g: str(g.ref)[:8],
            sql="g.ref",
            made=True,
        ),
        Column(
            "received_at",
            _("Day"),
            lambda g: g.received_at or g.created_at,
            Kind.TIME,
            sql="coalesce(g.received_at, g.created_at)",
        ),
        Column(
            "state",
            _("State"),
            lambda g: g.state,
            badge="gift",
            sql="g.state",
            coded=lambda: {code: badge.word for code, badge in KINDS["gift"].items()},
        ),
        Column(
            "channel",
            _("How"),
            lambda g: g.channel,
            words=channel,
            wide=True,
            sql="g.channel",
            coded=lambda: dict(Channel.choices),
        ),
        Column(
            "campaign",
            _("Campaign"),
            lambda g: g.campaign,
            words=titled,
            wide=True,
            sql="c.slug",
            coded=_titles,
        ),
        Column(
            "amount_ore",
            _("Sum"),
            lambda g: g.amount_ore,
            Kind.MONEY,
            total="amount_ore",
            sql="g.amount_ore",
        ),
        Column(
            "refunded_ore",
            _("Paid back"),
            lambda g: g.refunded_ore,
            Kind.MONEY,
            wide=True,
            total="refunded_ore",
            sql="g.refunded_ore",
        ),
        Column(
            "disputed_ore",
            _("Taken back"),
            lambda g: g.disputed_ore,
            Kind.MONEY,
            wide=True,
            total="disputed_ore",
            sql="g.disputed_ore",
        ),
        Column(
            "fee_ore",
            _("Fee"),
            lambda g: g.fee_ore,
            Kind.MONEY,
            wide=True,
            total="fee_ore",
            sql="g.fee_ore",
        ),
        *gift_file.COLUMNS,
        *gift_names.COLUMNS,
    ),
    source=gift_file.SOURCE,
    filters=(
        filters.state("gift"),
        filters.choice(
            "channel",
            _("gifts by"),
            Channel.choices,
            filters.where("channel"),
            every=_("every way"),
        ),
        filters.campaign("gifts.view"),
        filters.fund("gifts.view"),
        filters.entity("gifts.view"),
        # A gift's day is the day it came, and the day it began while it has not come.
        *filters.days(
            lambda at: Q(received_at__gte=at) | Q(received_at=None, created_at__gte=at),
            lambda at: Q(received_at__lt=at) | Q(received_at=None, created_at__lt=at),
        ),
        *filters.sums(),
        filters.choice(
            "left",
            _("counting"),
            [("yes", _("those not wholly given back"))],
            lambda rows, _value, _viewer: rows.filter(STANDS),
            every=_("all of them"),
        ),
        filters.choice(
            "led",
            _("that came"),
            [
                ("monthly_given_ore", _("by a monthly gift of an appeal")),
                ("passed_on", _("by a link that was passed on")),
            ],
            lambda rows, value, _viewer: rows.filter(LED[value]),
            every=_("in any way"),
        ),
        named.appeal(filters.with_ref("touch__appeal"), _("counted to the appeal")),
        filters.choice(
            "needs",
            _("from"),
            [("donor", _("givers whose donor must be chosen"))],
            _needs,
            every=_("whoever gave"),
        ),
        filters.reference(with_reference),
        filters.unseen(_of_part(held=False), _("from those asked by the appeal"), "asked_by"),
        filters.unseen(_of_part(held=True), _("from those left out of the appeal"), "held_by"),
        gift_names.choice(),
    ),
)
