"""The list of journeys, and of the people on their way through them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from donors.models import Donor
from fundraise.console.journeys import words
from fundraise.console.tables import filters, named
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.templatetags.staff import titled
from mailings.journeys.models import Journey, Run


def journey_url(journey: Journey) -> str:
    """The page of a journey."""
    return reverse("console:journey", args=[journey.ref])


def _journeys() -> QuerySet[Any]:
    steps = Count("steps", distinct=True)
    going = Count("runs", filter=Q(runs__state=Run.State.GOING), distinct=True)
    return Journey.objects.select_related("campaign__entity").annotate(mails=steps, going=going)


JOURNEYS = Table(
    name="journeys",
    title=_("Journeys"),
    permission="appeals.view",
    take_out="appeals.export",
    path="campaign__entity",
    rows=_journeys,
    count=lambda n, shown: (
        ngettext("%(number)s journey", "%(number)s journeys", n) % {"number": shown}
    ),
    empty=_(
        "No journey yet. A journey mails people some days after something has happened: a first"
        " gift, a missed draw, a year of giving."
    ),
    template="journeys/list",
    columns=(
        Column("name", _("Journey"), lambda j: j.name, link=journey_url),
        Column("state", _("Status"), lambda j: j.state, badge="journey"),
        Column(
            "trigger",
            _("Set off by"),
            lambda j: j.trigger,
            words=lambda code: Journey.Trigger(code).label,
            wide=True,
        ),
        Column("campaign", _("Campaign"), lambda j: j.campaign, words=titled, wide=True),
        Column("mails", _("Mails"), lambda j: j.mails, Kind.NUMBER, wide=True),
        Column("going", _("On the way"), lambda j: j.going, Kind.NUMBER, total="going"),
        Column("since", _("Running since"), lambda j: j.since, Kind.TIME, on_page=False),
        Column("entity", _("Whose"), lambda j: j.campaign.entity.slug, on_page=False),
        Column("ref", _("Reference"), lambda j: str(j.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("journey"),
        filters.campaign("appeals.view"),
        filters.entity("appeals.view", "campaign__entity"),
    ),
)


def _people() -> QuerySet[Any]:
    donor = Donor.objects.filter(pk=OuterRef("donor_id"))
    rows = Run.objects.select_related("journey__campaign__entity")
    return rows.annotate(donor_ref=Subquery(donor.values("ref")))


def donor_column() -> Column:
    """A donor by reference; their page asks for its own right."""
    return Column(
        "donor",
        _("Donor"),
        lambda row: str(row.donor_ref or ""),
        Kind.CODE,
        show=lambda row: str(row.donor_ref or "")[:8],
        link=lambda row: reverse("console:donor", args=[row.donor_ref]) if row.donor_ref else "",
        opens="donors.view",
    )


JOURNEY_PEOPLE = Table(
    name="journey_people",
    title=_("People on journeys"),
    permission="appeals.view",
    take_out="appeals.export",
    path="journey__campaign__entity",
    rows=_people,
    count=lambda n, shown: (
        ngettext("%(number)s person", "%(number)s people", n) % {"number": shown}
    ),
    empty=_("Nobody yet. Who enters a journey stands here, with the mail that is next."),
    columns=(
        Column(
            "journey", _("Journey"), lambda r: r.journey.name, link=lambda r: journey_url(r.journey)
        ),
        donor_column(),
        Column("state", _("Status"), lambda r: r.state, badge="on_the_way"),
        Column(
            "left_for",
            _("Left because"),
            lambda r: r.left_for,
            words=lambda code: words.LEFT.get(code, ""),
            wide=True,
        ),
        Column("entered_at", _("It happened"), lambda r: r.entered_at, Kind.TIME, wide=True),
        Column(
            "next_step",
            _("Next mail"),
            lambda r: r.next_step if r.state == Run.State.GOING else None,
            Kind.NUMBER,
        ),
        Column(
            "next_at",
            _("Leaves"),
            lambda r: r.next_at if r.state == Run.State.GOING else None,
            Kind.TIME,
        ),
    ),
    filters=(
        filters.state("on_the_way"),
        filters.choice(
            "left", _("who left because"), words.LEFT.items(), filters.where("left_for")
        ),
        named.journey(filters.with_ref("journey"), _("of the journey")),
        filters.entity("appeals.view", "journey__campaign__entity"),
        *filters.moments("entered_at"),
    ),
)
