"""Rows behind an appeal's figures, and its letters, as files: gifts, monthly gifts, letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from donors import queries
from donors.cards import DonorLine, open_lines
from donors.models import Donor
from fundraise.console.tables import filters, named
from fundraise.console.tables.appeals import VERSIONS
from fundraise.console.tables.base import Column, Filter, Kind, Table, Viewer
from fundraise.console.tables.gifts import GIFTS
from fundraise.console.tables.pledges import PLEDGES
from fundraise.console.words import Text
from mailings.appeals.models import Appeal, Content
from mailings.attribution import codes, letters
from mailings.attribution.models import GiftTouch, Letter, PledgeTouch

OF_APPEAL = _("of the appeal")
FIRST_OF = _("first reached by the appeal")


def _title(appeal: Appeal | None) -> str:
    return appeal.title if appeal is not None else ""


def _ref(appeal: Appeal | None) -> str:
    return str(appeal.ref) if appeal is not None else ""


def _beside(way: Callable[[str], Text]) -> tuple[Column, ...]:
    """What a gift or a monthly gift has beside its own columns: the last touch, and the first."""
    return (
        Column("appeal", _("Appeal"), lambda row: _title(row.touch.appeal)),
        Column("way", _("How it counts"), lambda row: row.touch.way, words=way),
        Column(
            "appeal_ref", _("The appeal's reference"), lambda row: _ref(row.touch.appeal),
            Kind.CODE, on_page=False,
        ),
        Column(
            "first_appeal", _("First reached by"), lambda row: _title(row.touch.first_appeal),
            wide=True,
        ),
        Column(
            "first_at", _("First reached"), lambda row: row.touch.first_at, Kind.TIME,
            on_page=False,
        ),
        Column(
            "first_ref", _("Reference of the first"), lambda row: _ref(row.touch.first_appeal),
            Kind.CODE, on_page=False,
        ),
    )  # fmt: skip


def _led(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those that an appeal led to, last or first."""
    led = Q(touch__appeal__isnull=False) | Q(touch__first_appeal__isnull=False)
    return rows.filter(led).select_related("touch__appeal", "touch__first_appeal", "touch__code")


def _of_version(rows: QuerySet[Any], letter: str, _viewer: Viewer) -> QuerySet[Any]:
    contents = Content.objects.filter(variant__letter=letter)
    return rows.filter(touch__content_id__in=contents.values("pk"))


def _filters(permission: str) -> tuple[Filter, ...]:
    """Which appeal, as the last touch or the first, and which version of it."""
    return (
        named.appeal(filters.with_ref("touch__appeal"), OF_APPEAL),
        named.appeal(filters.with_ref("touch__first_appeal"), FIRST_OF, name="first_by"),
        filters.choice("version", _("by the version"), VERSIONS, _of_version, every=_("any")),
        filters.campaign(permission),
    )


APPEAL_GIFTS = Table(
    name="appeal_gifts",
    title=_("Gifts that count to appeals"),
    permission=GIFTS.permission,
    take_out=GIFTS.take_out,
    rows=lambda: _led(GIFTS.rows()),
    count=GIFTS.count,
    empty=_("No gift counts to an appeal yet."),
    columns=(
        *GIFTS.named("ref", "received_at"),
        *_beside(lambda way: GiftTouch.Way(way).label),
        Column("passed_on", _("The link was passed on"), lambda g: g.touch.passed_on, wide=True),
        Column("code", _("Code"), lambda g: g.touch.code.code if g.touch.code else "", wide=True),
        *GIFTS.named("campaign", "amount_ore"),
        Column("standing_ore", _("What stands"), lambda g: g.standing_ore, Kind.MONEY),
    ),
    filters=(*_filters("gifts.view"), GIFTS.choice("left"), *filters.moments("received_at")),
)

APPEAL_PLEDGES = Table(
    name="appeal_pledges",
    title=_("Monthly gifts that count to appeals"),
    permission=PLEDGES.permission,
    take_out=PLEDGES.take_out,
    rows=lambda: _led(PLEDGES.rows()),
    count=PLEDGES.count,
    empty=_("No monthly gift counts to an appeal yet."),
    columns=(
        *PLEDGES.named("pledge", "created_at", "state"),
        *_beside(lambda way: PledgeTouch.Way(way).label),
        *PLEDGES.named("campaign", "amount_ore", "interval", "month_ore"),
    ),
    filters=(*_filters("pledges.view"), PLEDGES.choice("going")),
)


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter with its receiver opened."""

    letter: Letter
    who: DonorLine = field(repr=False)

    @property
    def link(self) -> str:
        return codes.link(self.letter.appeal.campaign, self.letter.ocr, self.language)

    @property
    def language(self) -> str:
        return "en" if self.who.language == "en" else "sv"

    @property
    def greeting(self) -> str:
        hello = "Hello" if self.language == "en" else "Hej"
        return f"{hello} {self.who.name}!" if self.who.name else f"{hello}!"


def _opened(rows: Sequence[Any], viewer: Viewer) -> list[Addressed]:
    donors = list(Donor.objects.filter(pk__in=[row.donor_id for row in rows]))
    opened = open_lines(donors, by=viewer.who, purpose="export:letters")
    lines = {line.pk: line for line in opened}
    return [Addressed(row, lines[row.donor_id]) for row in rows]


def _address(one: Addressed) -> str:
    return ", ".join(one.who.address.lines) if one.who.address else ""


def _part(one: Addressed, name: str) -> str:
    return getattr(one.who.address, name) if one.who.address else ""


def _letter(row: Any) -> Any:
    """The letter of a row: the page has letters, a file has them with their receivers opened."""
    return row.letter if isinstance(row, Addressed) else row


def _sum(name: str, title: Text, number: int) -> Column:
    return Column(
        name, title, lambda one: letters.sums(_letter(one))[number], Kind.MONEY, wide=number > 0
    )


LETTERS = Table(
    name="letters",
    title=_("Letters of appeals"),
    permission="donors.view",
    take_out="donors.export",
    personal=True,
    path="appeal__campaign__entity",
    # Whoever died or said no since the list was frozen gets no letter.
    rows=lambda: letters.with_code(
        Letter.objects.filter(donor__in=queries.allowed("appeals").values("pk"))
    ).select_related("appeal__campaign", "donor"),
    opened=_opened,
    count=lambda n, shown: (
        ngettext("%(number)s letter", "%(number)s letters", n) % {"number": shown}
    ),
    empty=_("No letter yet."),
    columns=(
        # Names and addresses are opened for a file alone; the page has the reference.
        Column(
            "donor",
            _("Donor"),
            lambda one: str(_letter(one).donor.ref),
            Kind.CODE,
            link=lambda one: reverse("console:donor", args=[_letter(one).donor.ref]),
            show=lambda one: str(_letter(one).donor.ref)[:8],
        ),
        Column("appeal", _("Appeal"), lambda one: _letter(one).appeal.title),
        Column("name", _("Name"), lambda one: one.who.name, on_page=False),
        Column("greeting", _("Greeting"), lambda one: one.greeting, on_page=False),
        Column("address", _("Address"), _address, on_page=False),
        Column("postcode", _("Postcode"), lambda one: _part(one, "postcode"), on_page=False),
        Column("city", _("Town"), lambda one: _part(one, "city"), on_page=False),
        Column("country", _("Country"), lambda one: _part(one, "country"), on_page=False),
        Column("language", _("Language"), lambda one: one.language, Kind.CODE, on_page=False),
        _sum("first_ore", _("First sum"), 0),
        _sum("second_ore", _("Second sum"), 1),
        _sum("third_ore", _("Third sum"), 2),
        Column("code", _("Code"), lambda one: _letter(one).printed or "", Kind.CODE, wide=True),
        Column("ocr", _("OCR number"), lambda one: _letter(one).ocr, Kind.CODE),
        Column("link", _("Link, for the QR code"), lambda one: one.link, on_page=False),
    ),
    filters=(named.appeal(filters.with_ref("appeal"), OF_APPEAL),),
)
