"""The register of files taken out."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.reporting.exports.models import ExportRecord


def _rows() -> QuerySet[Any]:
    kept = When(key__isnull=False, then=Value("kept"))
    made = When(made_at__isnull=False, then=Value("made"))
    running = When(work__ended_at=None, work__isnull=False, then=Value("making"))
    state = Case(kept, made, running, default=Value("none"), output_field=CharField())
    return ExportRecord.objects.annotate(state=state)


def _chosen(record: ExportRecord) -> str:
    return ", ".join(f"{name} {value}" for name, value in record.chosen.items())


def _sums(record: ExportRecord) -> str:
    return ", ".join(f"{name} {value}" for name, value in record.sums.items())


EXPORTS = Table(
    name="exports",
    title=_("Files taken out"),
    permission="exports.view",
    take_out="exports.view",
    path="",
    rows=_rows,
    count=lambda n, shown: ngettext("%(number)s file", "%(number)s files", n) % {"number": shown},
    empty=_("No file yet. Each list that somebody takes out is noted here."),
    columns=(
        Column("asked_at", _("When"), lambda e: e.asked_at, Kind.TIME),
        Column("by", _("Who"), lambda e: e.by, words=words.actor),
        Column("list", _("List"), lambda e: e.table, Kind.CODE),
        Column("state", _("State"), lambda e: e.state, badge="export", wide=True),
        Column("filter", _("Narrowed to"), _chosen, Kind.CODE, wide=True),
        Column("format", _("As"), lambda e: e.format, Kind.CODE, wide=True),
        Column(
            "personal",
            _("People"),
            lambda e: e.personal,
            words=lambda yes: _("names and addresses") if yes else "",
            wide=True,
        ),
        Column("rows", _("Rows"), lambda e: e.rows, Kind.NUMBER, total="rows"),
        Column("sums", _("Sums, in öre"), _sums, Kind.CODE, on_page=False),
        Column(
            "sha256",
            "SHA-256",
            lambda e: bytes(e.sha256).hex() if e.sha256 else "",
            Kind.CODE,
            show=lambda e: bytes(e.sha256).hex()[:12] if e.sha256 else "",
            wide=True,
        ),
        Column("size", _("Bytes"), lambda e: e.size, Kind.NUMBER, on_page=False),
        Column("fetched", _("Fetched"), lambda e: e.fetched, Kind.NUMBER, on_page=False),
        Column("expires_at", _("Kept until"), lambda e: e.expires_at, Kind.TIME, on_page=False),
        Column("ref", _("Reference"), lambda e: str(e.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("export"),
        filters.choice(
            "people",
            _("with"),
            [("yes", _("names and addresses"))],
            lambda rows, _value, _viewer: rows.filter(personal=True),
            every=_("or without people in them"),
        ),
        *filters.moments("asked_at"),
        filters.reference(lambda typed: Q(table=typed) | Q(by=typed), _("of list")),
    ),
)
