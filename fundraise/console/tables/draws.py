"""The lists of periods, draws and notices of monthly giving, and what is at risk in them."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import pledge_queries, pledge_words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Filter, Kind, Table, Viewer
from fundraise.console.tables.gifts import gift_url
from fundraise.console.tables.pledges import METHODS, pledge_column, with_reference
from fundraise.pledges.models import Collection, Instalment, Notice


def month_of(period: Any) -> str:
    """A month with its year: "November 2026"."""
    return f"{MONTHS[period.month]} {period.year}".capitalize()


def _pledge(row: Any) -> Any:
    return row.instalment.pledge


def _campaign(path: str) -> Filter:
    return filters.campaign("pledges.view", f"{path}__campaign")


INSTALMENTS = Table(
    name="instalments",
    title=_("Months"),
    permission="pledges.view",
    take_out="pledges.export",
    path="pledge__entity",
    rows=lambda: Instalment.objects.select_related("pledge"),
    count=lambda n, shown: (
        ngettext("%(number)s month", "%(number)s months", n) % {"number": shown}
    ),
    empty=_("No month yet. They are planned two months ahead as soon as a mandate is signed."),
    template="pledges",
    columns=(
        pledge_column(),
        Column(
            "period", _("Month"), lambda i: i.period, Kind.DAY, show=lambda i: month_of(i.period)
        ),
        Column("due_on", _("Drawn on"), lambda i: i.due_on, Kind.DAY),
        Column("state", _("State"), lambda i: i.state, badge="instalment"),
        Column(
            "reason", _("Why"), lambda i: i.reason,
            words=pledge_words.draw_reason, wide=True,
        ),
        Column(
            "retried", _("Tried anew"), lambda i: i.retried,
            words=lambda yes: _("yes") if yes else "", wide=True,
        ),
        Column("amount_ore", _("Sum"), lambda i: i.amount_ore, Kind.MONEY, total="amount_ore"),
        Column("ref", _("Reference"), lambda i: str(i.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("instalment"),
        _campaign("pledge"),
        filters.entity("pledges.view", "pledge__entity"),
        *filters.dates("due_on"),
        *filters.sums(),
        filters.reference(lambda typed: with_reference(typed, "pledge__"), _("of monthly gift")),
    ),
)  # fmt: skip


def _needs(rows: QuerySet[Any], value: str, _viewer: Viewer) -> QuerySet[Any]:
    return pledge_queries.DRAW_NEEDS[value](rows)


def _with_draw_reference(typed: str) -> Q:
    return (
        Q(reference=typed.strip())
        | Q(provider_ref=typed.strip())
        | with_reference(typed, "instalment__pledge__")
    )


DRAWS = Table(
    name="draws",
    title=_("Draws"),
    permission="pledges.view",
    take_out="pledges.export",
    path="mandate__entity",
    rows=lambda: Collection.objects.select_related("instalment__pledge", "mandate", "gift"),
    count=lambda n, shown: ngettext("%(number)s draw", "%(number)s draws", n) % {"number": shown},
    empty=_("No draw yet. The first ones are made the bank day before they are due."),
    template="pledges",
    columns=(
        pledge_column(_pledge),
        Column("due_on", _("Drawn on"), lambda c: c.due_on, Kind.DAY),
        Column("state", _("State"), lambda c: c.state, badge="draw"),
        Column(
            "reason", _("Why"), lambda c: c.reason,
            words=pledge_words.draw_reason, wide=True,
        ),
        Column(
            "method", _("By"), lambda c: c.mandate.method, words=pledge_words.method, wide=True
        ),
        Column("number", _("Try"), lambda c: c.number, Kind.NUMBER, wide=True),
        Column(
            "gift", _("Gift"), lambda c: str(c.gift.ref) if c.gift else "", Kind.CODE,
            link=lambda c: gift_url(c.gift) if c.gift else "",
            show=lambda c: str(c.gift.ref)[:8] if c.gift else "", wide=True,
        ),
        Column("amount_ore", _("Sum"), lambda c: c.amount_ore, Kind.MONEY, total="amount_ore"),
        Column("sent_at", _("Sent"), lambda c: c.sent_at, Kind.TIME, on_page=False),
        Column("settled_at", _("Settled"), lambda c: c.settled_at, Kind.TIME, on_page=False),
        Column("reference", _("Reference"), lambda c: c.reference, Kind.CODE, on_page=False),
        Column(
            "code", _("The bank's code"), lambda c: c.reason, Kind.CODE, on_page=False
        ),
    ),
    filters=(
        filters.state("draw"),
        Filter("method", METHODS.field, filters.where("mandate__method")),
        _campaign("instalment__pledge"),
        filters.entity("pledges.view", "mandate__entity"),
        *filters.dates("due_on"),
        *filters.sums(),
        filters.choice(
            "needs", _("that"),
            [
                ("week", _("failed this week and may be lost")),
                ("surplus", _("came though the month was paid: give them back")),
                ("dead", _("came after the donor's death: give them back")),
                ("late", _("the bank has not answered in time")),
            ],
            _needs, every=_("need something or nothing"),
        ),
        filters.reference(_with_draw_reference),
    ),
)  # fmt: skip


def _notices() -> QuerySet[Any]:
    sent = When(sent_at__isnull=False, then=Value("sent"))
    state = Case(sent, default=Value("waiting"), output_field=CharField())
    return Notice.objects.select_related("pledge").defer("text_sealed").annotate(state=state)


NOTICES = Table(
    name="notices",
    title=_("Notices"),
    permission="pledges.view",
    take_out="pledges.export",
    path="pledge__entity",
    rows=_notices,
    count=lambda n, shown: (
        ngettext("%(number)s notice", "%(number)s notices", n) % {"number": shown}
    ),
    empty=_("No notice yet. What donors are told before a draw stands here as proof."),
    template="pledges",
    columns=(
        pledge_column(),
        Column("made_at", _("Made"), lambda n: n.made_at, Kind.TIME),
        Column(
            "kind", _("What it is"), lambda n: n.kind,
            words=lambda code: pledge_words.NOTICE_KINDS[code],
        ),
        Column("state", _("State"), lambda n: n.state, badge="notice", wide=True),
        Column("first_on", _("First day"), lambda n: n.first_on, Kind.DAY),
        Column(
            "covers_following", _("Days after it"), lambda n: n.covers_following,
            words=lambda yes: _("yes") if yes else _("no"), wide=True,
        ),
        Column("amount_ore", _("Sum"), lambda n: n.amount_ore, Kind.MONEY),
        Column("sent_at", _("Sent"), lambda n: n.sent_at, Kind.TIME, on_page=False),
        Column("way", _("How"), lambda n: n.way, Kind.CODE, on_page=False),
        Column(
            "sha256", "SHA-256", lambda n: bytes(n.sha256).hex() if n.sha256 else "", Kind.CODE,
            on_page=False,
        ),
    ),
    filters=(
        filters.state("notice"),
        filters.choice(
            "kind", _("about"), Notice.Kind.choices, filters.where("kind"), every=_("anything")
        ),
        filters.entity("pledges.view", "pledge__entity"),
        *filters.moments("made_at"),
        filters.reference(lambda typed: with_reference(typed, "pledge__"), _("of monthly gift")),
    ),
)  # fmt: skip
