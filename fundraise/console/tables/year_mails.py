"""Who was told of a year's statement, how, and what became of the mail. No column says a name."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.tables.yearly import year_filter
from fundraise.reporting.models import YearTelling
from mailings import yearly


def _rows() -> QuerySet[Any]:
    by_post = When(way=YearTelling.Way.PAPER, then=Value("post"))
    state = Case(by_post, default=Coalesce(yearly.fate(), Value("none")), output_field=CharField())
    return YearTelling.objects.select_related("entity", "donor").annotate(state=state)


def _donor(row: YearTelling) -> str:
    return str(row.donor.ref) if row.donor is not None else ""


def _donor_url(row: YearTelling) -> str:
    return reverse("console:donor", args=[row.donor.ref]) if row.donor is not None else ""


YEAR_MAILS = Table(
    name="year_mails",
    title=_("Mails of yearly statements"),
    permission="receipts.view",
    take_out="donors.export",
    rows=_rows,
    count=lambda n, shown: (
        ngettext("%(number)s giver told", "%(number)s givers told", n) % {"number": shown}
    ),
    empty=_("Nobody has been told yet. Who was, and how, stands here."),
    template="year_mails",
    act="console/_act_year_mail.html",
    columns=(
        Column("year", _("Year"), lambda row: row.year, Kind.CODE),
        Column(
            "donor", _("Donor"), _donor, Kind.CODE, link=_donor_url,
            show=lambda row: _donor(row)[:8] or str(_("not in the register")),
        ),
        Column("state", _("Fate"), lambda row: row.state, badge="year_mail"),
        Column("told_at", _("Told"), lambda row: row.told_at, Kind.TIME, wide=True),
        Column("times", _("Times"), lambda row: row.times, Kind.NUMBER, wide=True),
        Column("entity", _("Whose books"), lambda row: row.entity.slug, on_page=False),
        Column("by", _("Who"), lambda row: row.by, words=words.actor, on_page=False),
    ),
    filters=(
        filters.choice(
            "way", _("told"), list(YearTelling.Way.choices), filters.where("way"),
            every=_("either way"),
        ),
        year_filter(),
        filters.entity("receipts.view"),
        *filters.moments("told_at"),
    ),
)  # fmt: skip
