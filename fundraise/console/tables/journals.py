"""The list of journals."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.ledger.models import Entry, Journal


def _journals() -> QuerySet[Any]:
    entries = Entry.objects.filter(journal=OuterRef("pk")).order_by().values("journal")
    ore = entries.annotate(ore=Sum("amount_ore")).values("ore")
    rows = Journal.objects.select_related("series", "entity")
    return rows.annotate(ore=Coalesce(Subquery(ore), 0))


JOURNALS = Table(
    name="journals",
    title=_("Journals"),
    permission="journals.view",
    take_out="money.export",
    rows=_journals,
    count=lambda n, shown: (
        ngettext("%(number)s journal", "%(number)s journals", n) % {"number": shown}
    ),
    empty=_("The books are empty. A journal comes with the first gift that is received."),
    columns=(
        Column(
            "number",
            _("Journal"),
            lambda j: f"{j.series.code}{j.number} {j.year}",
            link=lambda j: reverse("console:journal", args=[j.ref]),
        ),
        Column("accounting_date", _("Day"), lambda j: j.accounting_date, Kind.DAY),
        Column("text", _("Text"), lambda j: j.text, wide=True),
        Column("by", _("By"), lambda j: j.by, words=words.actor, wide=True),
        Column("amount_ore", _("Sum"), lambda j: j.ore, Kind.MONEY, total="ore"),
        Column("entity", _("Whose books"), lambda j: j.entity.slug, on_page=False),
        Column("event_date", _("Happened"), lambda j: j.event_date, Kind.DAY, on_page=False),
        Column("registered_at", _("Written"), lambda j: j.registered_at, Kind.TIME, on_page=False),
        Column("source", _("Source"), lambda j: j.source, Kind.CODE, on_page=False),
        Column("document", _("Proof"), lambda j: j.document, Kind.CODE, on_page=False),
        Column("ref", _("Reference"), lambda j: str(j.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.entity("journals.view"),
        filters.choice(
            "kind",
            _("Show"),
            [("undo", _("journals that undo another"))],
            lambda rows, _value, _viewer: rows.exclude(reversal_of=None),
        ),
        *filters.dates("accounting_date"),
        *filters.sums("ore"),
        filters.reference(lambda typed: Q(source=typed) | Q(document=typed), _("with source")),
    ),
)
