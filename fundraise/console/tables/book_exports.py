"""The list of SIE files."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.reporting.books.models import BookExport, BookFetch, BookReissue


def _rows() -> QuerySet[Any]:
    waiting = BookReissue.objects.filter(export=OuterRef("pk"), state__in=["asked", "agreed"])
    fetched = BookFetch.objects.filter(export=OuterRef("pk"))
    state = Case(
        When(Exists(waiting), then=Value("again")),
        When(Exists(fetched), then=Value("fetched")),
        default=Value("made"),
        output_field=CharField(),
    )
    return BookExport.objects.select_related("entity").defer("content").annotate(state=state)


BOOK_EXPORTS = Table(
    name="book_exports",
    title=_("SIE files"),
    permission="books.view",
    take_out="money.export",
    rows=_rows,
    count=lambda n, shown: ngettext("%(number)s file", "%(number)s files", n) % {"number": shown},
    empty=_("No SIE file yet. Each one that is made is noted here, with what is in it."),
    template="books/files",
    columns=(
        Column(
            "number",
            _("File"),
            lambda e: e.number,
            Kind.TEXT,
            link=lambda e: reverse("console:book_export", args=[e.ref]),
            show=lambda e: f"{e.get_kind_display()} {e.number}",
        ),
        Column("entity", _("Whose books"), lambda e: e.entity.slug, wide=True),
        Column("from_day", _("From and with"), lambda e: e.from_day, Kind.DAY),
        Column("to_day", _("Up to and with"), lambda e: e.to_day, Kind.DAY),
        Column("state", _("State"), lambda e: e.state, badge="book_export"),
        Column("journals", _("Journals"), lambda e: e.journals, Kind.NUMBER, total="journals"),
        Column("sum_ore", _("Sum"), lambda e: e.sum_ore, Kind.MONEY, total="sum_ore"),
        Column("made_at", _("Made"), lambda e: e.made_at, Kind.TIME, wide=True),
        Column("made_by", _("By"), lambda e: e.made_by, words=words.actor, wide=True),
        Column("kind", _("Kind"), lambda e: e.kind, Kind.CODE, on_page=False),
        Column("vouchers", _("Vouchers"), lambda e: e.vouchers, Kind.NUMBER, on_page=False),
        Column("sha256", "SHA-256", lambda e: e.sha256, Kind.CODE, on_page=False),
        Column("size", _("Bytes"), lambda e: e.size, Kind.NUMBER, on_page=False),
        Column("ref", _("Reference"), lambda e: str(e.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("book_export"),
        filters.entity("books.view"),
        *filters.dates("from_day"),
        *filters.sums("sum_ore"),
        filters.reference(lambda typed: Q(sha256=typed), _("with SHA-256")),
    ),
)
