"""The list of yearly statements. No column says whose they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Filter, Kind, Table
from fundraise.reporting.models import YearStatement


def _rows() -> QuerySet[Any]:
    replaced = When(following__isnull=False, then=Value("replaced"))
    state = Case(replaced, default=Value("stands"), output_field=CharField())
    rows = YearStatement.objects.select_related("entity").defer("sealed")
    return rows.annotate(state=state, left_ore=F("given_ore") - F("back_ore"))


def year_filter() -> Filter:
    """One year."""

    def field(_held: object) -> forms.Field:
        return forms.IntegerField(
            required=False, label=str(_("of the year")), min_value=2000, max_value=2999
        )

    return Filter("year", field, filters.where("year"))


YEAR_STATEMENTS = Table(
    name="year_statements",
    title=_("Yearly statements"),
    permission="receipts.view",
    take_out="money.export",
    rows=_rows,
    count=lambda n, shown: (
        ngettext("%(number)s statement", "%(number)s statements", n) % {"number": shown}
    ),
    empty=_("No yearly statement yet. Givers get theirs on My pages; a whole year is made here."),
    template="year_statements",
    act="console/_act_statement.html",
    columns=(
        Column("number", _("Number"), str, Kind.CODE),
        Column("state", _("State"), lambda s: s.state, badge="statement"),
        Column("issued_at", _("Issued"), lambda s: s.issued_at, Kind.TIME, wide=True),
        Column("gifts", _("Gifts"), lambda s: s.gifts, Kind.NUMBER, wide=True, total="gifts"),
        Column(
            "given_ore", _("Given in all"), lambda s: s.given_ore, Kind.MONEY, wide=True,
            total="given_ore",
        ),
        Column(
            "back_ore", _("Sent back"), lambda s: s.back_ore, Kind.MONEY, wide=True,
            total="back_ore",
        ),
        Column("left_ore", _("Left"), lambda s: s.left_ore, Kind.MONEY, total="left_ore"),
        Column("entity", _("Whose books"), lambda s: s.entity.slug, on_page=False),
        Column("year", _("Year"), lambda s: s.year, Kind.CODE, on_page=False),
        Column("version", _("Version"), lambda s: s.version, Kind.NUMBER, on_page=False),
        Column("by", _("Who"), lambda s: s.by, words=words.actor, on_page=False),
        Column("ref", _("Reference"), lambda s: str(s.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("statement"),
        year_filter(),
        filters.entity("receipts.view"),
        *filters.moments("issued_at"),
    ),
)  # fmt: skip
