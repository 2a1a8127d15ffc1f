"""Donors as a file. There is no page with this list: people are opened one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from donors import queries
from donors.cards import DonorLine, open_lines
from donors.models import Donor
from donors.values import PostalAddress
from fundraise.console import words
from fundraise.console.tables import beside, filters
from fundraise.console.tables.base import Column, Kind, Table, Viewer
from fundraise.console.tables.beside import Given
from fundraise.gifts import people
from fundraise.staff.rights import Rights


def _of(held: Rights, permission: str) -> QuerySet[Any]:
    known = people.visible_donors(held, permission)
    return known.exclude(status=Donor.Status.ERASED)


@dataclass(frozen=True, slots=True)
class Taken:
    """A donor in a file: opened, with what was given to the entities of whoever takes it out."""

    who: DonorLine = field(repr=False)
    given: Given

    @property
    def address(self) -> PostalAddress | None:
        return self.who.address


def _opened(rows: Sequence[Any], viewer: Viewer) -> list[Taken]:
    lines = open_lines(rows, by=viewer.who, purpose="export:donors")
    given = beside.of_donors([line.pk for line in lines], viewer)
    return [Taken(line, given.get(line.pk, Given())) for line in lines]


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
        Column("ref", _("Reference"), lambda d: str(d.who.ref), Kind.CODE),
        Column("name", _("Name"), lambda d: d.who.name),
        Column("email", _("E-mail"), lambda d: d.who.email),
        Column("phone", _("Phone"), lambda d: d.who.phone),
        Column("address", _("Address"), lambda d: ", ".join(d.address.lines) if d.address else ""),
        Column("postcode", _("Postcode"), lambda d: d.address.postcode if d.address else ""),
        Column("city", _("Town"), lambda d: d.address.city if d.address else ""),
        Column("kind", _("Kind"), lambda d: d.who.kind, Kind.CODE),
        Column("language", _("Language"), lambda d: d.who.language, Kind.CODE),
        Column("status", _("State"), lambda d: d.who.status, badge="donor"),
        Column("created_at", _("Since"), lambda d: d.who.created_at, Kind.TIME),
        Column("gifts", _("Gifts"), lambda d: d.given.gifts, Kind.NUMBER, total="gifts"),
        Column(
            "given_ore", _("Has given"), lambda d: d.given.given_ore, Kind.MONEY, total="given_ore"
        ),
        Column("first_on", _("First gift"), lambda d: d.given.first_on, Kind.DAY),
        Column("last_on", _("Last gift"), lambda d: d.given.last_on, Kind.DAY),
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
