"""The list of monthly gifts. No column and no choice says who gives."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import pledge_queries, pledge_words
from fundraise.console.tables import beside, filters, named
from fundraise.console.tables.base import Column, Kind, Table, Viewer
from fundraise.console.templatetags.staff import local_day, titled
from fundraise.pledges.models import Instalment, Pledge, PledgeChange
from fundraise.refs import refs_of_short
from mailings.attribution import behind

METHODS = filters.choice(
    "method", _("by"), list(pledge_words.METHODS.items()), filters.where("method"),
    every=_("every way"),
)  # fmt: skip


def pledge_url(pledge: Pledge | None) -> str:
    """The page of a monthly gift; empty where there is none yet."""
    return reverse("console:pledge", args=[pledge.ref]) if pledge is not None else ""


def with_reference(typed: str, path: str = "") -> Q:
    """The short reference of a pledge, its whole ref, or its mandate's payer number."""
    if found := refs_of_short(typed):
        return Q(**{f"{path}ref__range": found})
    with suppress(ValueError):
        return Q(**{f"{path}ref": UUID(typed)})
    return Q(**{f"{path}mandates__payer_number": typed.strip()})


def pledge_column(pledge: Any = lambda row: row.pledge) -> Column:
    """The monthly gift that a row hangs on."""
    return Column(
        "pledge",
        _("Monthly gift"),
        lambda row: str(pledge(row).ref) if pledge(row) else "",
        Kind.CODE,
        link=lambda row: pledge_url(pledge(row)),
        show=lambda row: str(pledge(row).ref)[:8] if pledge(row) else "",
    )


def _rows() -> QuerySet[Any]:
    ahead = Instalment.objects.filter(
        pledge=OuterRef("pk"), state__in=["planned", "collecting"]
    ).order_by("due_on")
    return Pledge.objects.select_related("campaign", "entity", "donor").annotate(
        next_on=Subquery(ahead.values("due_on")[:1]),
        month_ore=F("amount_ore") / F("interval_months"),
    )


def _needs(rows: QuerySet[Any], value: str, _viewer: Viewer) -> QuerySet[Any]:
    return pledge_queries.NEEDS[value](rows)


def _raised_by(typed: str) -> Q:
    """Monthly gifts that an appeal had raised, and that were not lowered again."""
    made = PledgeChange.objects.filter(filters.with_ref("touch__appeal")(typed), undone_at=None)
    return Q(pk__in=made.values("pledge"))


PLEDGES = Table(
    name="pledges",
    title=_("Monthly gifts"),
    permission="pledges.view",
    take_out="pledges.export",
    rows=_rows,
    opened=beside.pledges,
    count=lambda n, shown: (
        ngettext("%(number)s monthly gift", "%(number)s monthly gifts", n) % {"number": shown}
    ),
    empty=_("No monthly gift yet. Each one stands here as soon as somebody signs up."),
    template="pledges",
    columns=(
        pledge_column(lambda row: row),
        Column(
            "created_at", _("Signed up"), lambda p: p.created_at, Kind.TIME,
            show=lambda p: local_day(p.created_at), wide=True,
        ),
        Column("state", _("State"), lambda p: p.state, badge="pledge"),
        Column("method", _("By"), lambda p: p.method, words=pledge_words.method, on_page=False),
        Column(
            "interval", _("How often"), lambda p: p.interval_months,
            words=pledge_words.every, wide=True,
        ),
        Column("day", _("Day"), lambda p: p.day, words=pledge_words.day_of, on_page=False),
        Column("campaign", _("Campaign"), lambda p: p.campaign, words=titled, wide=True),
        Column("next_on", _("Next draw"), lambda p: p.next_on, Kind.DAY),
        Column("amount_ore", _("Sum"), lambda p: p.amount_ore, Kind.MONEY),
        Column(
            "month_ore", _("A month"), lambda p: p.month_ore, Kind.MONEY,
            wide=True, total="month_ore",
        ),
        Column("entity", _("Whose books"), lambda p: p.entity.slug, on_page=False),
        Column("starts_on", _("First day"), lambda p: p.starts_on, Kind.DAY, on_page=False),
        Column("ends_on", _("Last day"), lambda p: p.ends_on, Kind.DAY, on_page=False),
        Column("ended_at", _("Ended"), lambda p: p.ended_at, Kind.TIME, on_page=False),
        Column(
            "end_reason", _("Why it ended"), lambda p: p.end_reason,
            words=pledge_words.answer, on_page=False,
        ),
        Column("origin", _("Origin"), lambda p: p.origin, Kind.CODE, on_page=False),
        Column("reference", _("Reference"), lambda p: p.reference, on_page=False),
        Column("currency", _("Currency"), lambda _p: "SEK", Kind.CODE, on_page=False),
        Column(
            "draws", _("Draws that came"), lambda p: p.drawn.gifts, Kind.NUMBER, on_page=False,
            total="draws",
        ),
        Column(
            "drawn_ore", _("Has brought"), lambda p: p.drawn.given_ore, Kind.MONEY,
            on_page=False, total="drawn_ore",
        ),
        Column("last_on", _("Last draw"), lambda p: p.drawn.last_on, Kind.DAY, on_page=False),
        Column(
            "donor", _("Donor"), lambda p: str(p.donor.ref) if p.donor else "", Kind.CODE,
            on_page=False, needs="gifts.giver",
        ),
    ),
    filters=(
        filters.state("pledge"),
        METHODS,
        filters.choice(
            "interval", _("drawn"),
            [(str(months), word) for months, word in Pledge.Interval.choices],
            filters.where("interval_months"), every=_("however often"),
        ),
        filters.campaign("pledges.view"),
        filters.entity("pledges.view"),
        *filters.moments("created_at"),
        *filters.sums(),
        filters.choice(
            "going", _("counting"), [("yes", _("those that go on"))],
            lambda rows, _value, _viewer: rows.filter(behind.GOING_ON),
            every=_("all of them"),
        ),
        named.appeal(filters.with_ref("touch__appeal"), _("counted to the appeal")),
        named.appeal(_raised_by, _("raised by the appeal"), name="raised_by"),
        filters.choice(
            "needs", _("that"),
            [
                ("signature", _("nobody has signed for two days")),
                ("mandate", _("have no mandate to draw on")),
                ("upgrade", _("may be asked to give more")),
            ],
            _needs, every=_("need something or nothing"),
        ),
        filters.reference(with_reference),
    ),
)  # fmt: skip
