"""Donors as a file. There is no page with this list: people are opened one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from donors import queries
from donors.cards import DonorLine, open_lines
from donors.models import Donor
from fundraise.console import words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table, Viewer
from fundraise.gifts import people
from fundraise.staff.rights import Rights


def _of(held: Rights, permission: str) -> QuerySet[Any]:
    known = people.visible_donors(held, permission)
    return known.exclude(status=Donor.Status.ERASED)


def _opened(rows: Sequence[Any], who: str) -> list[DonorLine]:
    return open_lines(rows, by=who, purpose="export:donors")


def _allowed(rows: QuerySet[Any], purpose: str, _viewer: Viewer) -> QuerySet[Any]:
    return rows.filter(pk__in=queries.allowed(purpose).values("pk"))


DONORS = Table(
    name="donors",
    title=_("Donors"),
    permission="donors.view",
    take_out="donors.export",
    personal=True,
    rows=lambda: Donor.objects.all(),
    of=_of,
    opened=_opened,
    count=lambda n, shown: ngettext("%(number)s donor", "%(number)s donors", n) % {"number": shown},
    empty=_("No donor yet."),
    columns=(
        Column("ref", _("Reference"), lambda d: str(d.ref), Kind.CODE),
        Column("name", _("Name"), lambda d: d.name),
        Column("email", _("E-mail"), lambda d: d.email),
        Column("phone", _("Phone"), lambda d: d.phone),
        Column("address", _("Address"), lambda d: ", ".join(d.address.lines) if d.address else ""),
        Column("postcode", _("Postcode"), lambda d: d.address.postcode if d.address else ""),
        Column("city", _("Town"), lambda d: d.address.city if d.address else ""),
        Column("kind", _("Kind"), lambda d: d.kind, Kind.CODE),
        Column("language", _("Language"), lambda d: d.language, Kind.CODE),
        Column("status", _("State"), lambda d: d.status, badge="donor"),
        Column("created_at", _("Since"), lambda d: d.created_at, Kind.TIME),
    ),
    filters=(
        filters.choice(
            "may",
            _("Donors who may be written to:"),
            [(code, words.PURPOSES[code]) for code in ("appeals", "newsletter", "receipts")],
            _allowed,
            every=_("for anything or nothing"),
        ),
        filters.choice(
            "language",
            _("in"),
            [("sv", _("Swedish")), ("en", _("English"))],
            filters.where("language"),
            every=_("every language"),
        ),
        *filters.moments("created_at"),
    ),
)
