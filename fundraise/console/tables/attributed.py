"""Rows behind an appeal's figures, and its letters, as files: gifts, monthly gifts, letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from donors import queries
from donors.cards import DonorLine, open_lines
from donors.models import Donor
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table, Viewer
from fundraise.console.tables.gifts import gift_url
from fundraise.console.templatetags.staff import titled
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge
from mailings.attribution import codes, letters
from mailings.attribution.models import GiftTouch, Letter, PledgeTouch

OF_APPEAL = _("of the appeal with reference")


APPEAL_GIFTS = Table(
    name="appeal_gifts",
    title=_("Gifts that count to appeals"),
    permission="gifts.view",
    take_out="gifts.export",
    rows=lambda: Gift.objects.filter(touch__appeal__isnull=False).select_related(
        "campaign", "entity", "touch__appeal", "touch__code"
    ),
    count=lambda n, shown: ngettext("%(number)s gift", "%(number)s gifts", n) % {"number": shown},
    empty=_("No gift counts to an appeal yet."),
    columns=(
        Column(
            "ref",
            _("Gift"),
            lambda g: str(g.ref),
            Kind.CODE,
            link=gift_url,
            show=lambda g: str(g.ref)[:8],
        ),
        Column("received_at", _("Day"), lambda g: g.received_at, Kind.TIME),
        Column("appeal", _("Appeal"), lambda g: g.touch.appeal.title),
        Column(
            "way",
            _("How it counts"),
            lambda g: g.touch.way,
            words=lambda way: GiftTouch.Way(way).label,
        ),
        Column("passed_on", _("The link was passed on"), lambda g: g.touch.passed_on, wide=True),
        Column("code", _("Code"), lambda g: g.touch.code.code if g.touch.code else "", wide=True),
        Column("campaign", _("Campaign"), lambda g: g.campaign, words=titled, wide=True),
        Column("amount_ore", _("Sum"), lambda g: g.amount_ore, Kind.MONEY, total="amount_ore"),
        Column("standing_ore", _("What stands"), lambda g: g.standing_ore, Kind.MONEY),
        Column("appeal_ref", _("The appeal's reference"), lambda g: str(g.touch.appeal.ref),
               Kind.CODE, on_page=False),
    ),
    filters=(
        filters.reference(filters.with_ref("touch__appeal"), OF_APPEAL, "appeal"),
        filters.campaign("gifts.view"),
        *filters.moments("received_at"),
    ),
)  # fmt: skip

APPEAL_PLEDGES = Table(
    name="appeal_pledges",
    title=_("Monthly gifts that count to appeals"),
    permission="pledges.view",
    take_out="gifts.export",
    rows=lambda: Pledge.objects.filter(touch__appeal__isnull=False).select_related(
        "campaign", "entity", "touch__appeal"
    ),
    count=lambda n, shown: (
        ngettext("%(number)s monthly gift", "%(number)s monthly gifts", n) % {"number": shown}
    ),
    empty=_("No monthly gift counts to an appeal yet."),
    columns=(
        Column("ref", _("Reference"), lambda p: str(p.ref), Kind.CODE),
        Column("created_at", _("Begun"), lambda p: p.created_at, Kind.TIME),
        Column("state", _("State"), lambda p: p.state, badge="pledge"),
        Column("appeal", _("Appeal"), lambda p: p.touch.appeal.title),
        Column(
            "way",
            _("How it counts"),
            lambda p: p.touch.way,
            words=lambda way: PledgeTouch.Way(way).label,
        ),
        Column("amount_ore", _("Sum"), lambda p: p.amount_ore, Kind.MONEY, total="amount_ore"),
        Column("months", _("Months between"), lambda p: p.interval_months, Kind.NUMBER),
        Column("appeal_ref", _("The appeal's reference"), lambda p: str(p.touch.appeal.ref),
               Kind.CODE, on_page=False),
    ),
    filters=(
        filters.reference(filters.with_ref("touch__appeal"), OF_APPEAL, "appeal"),
        filters.campaign("pledges.view"),
    ),
)  # fmt: skip


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

    def sum_ore(self, number: int) -> int:
        return letters.sums(self.letter)[number]


def _opened(rows: Sequence[Any], viewer: Viewer) -> list[Addressed]:
    donors = list(Donor.objects.filter(pk__in=[row.donor_id for row in rows]))
    opened = open_lines(donors, by=viewer.who, purpose="export:letters")
    lines = {line.pk: line for line in opened}
    return [Addressed(row, lines[row.donor_id]) for row in rows]


def _address(one: Addressed) -> str:
    return ", ".join(one.who.address.lines) if one.who.address else ""


def _part(one: Addressed, name: str) -> str:
    return getattr(one.who.address, name) if one.who.address else ""


LETTERS = Table(
    name="letters",
    title=_("Letters of appeals"),
    permission="donors.view",
    take_out="donors.export",
    personal=True,
    path="appeal__campaign__entity",
    # Whoever died or said no since the list was frozen gets no letter.
    rows=lambda: Letter.objects.filter(
        donor__in=queries.allowed("appeals").values("pk")
    ).select_related("appeal__campaign"),
    opened=_opened,
    count=lambda n, shown: (
        ngettext("%(number)s letter", "%(number)s letters", n) % {"number": shown}
    ),
    empty=_("No letter yet."),
    columns=(
        Column("name", _("Name"), lambda one: one.who.name),
        Column("greeting", _("Greeting"), lambda one: one.greeting),
        Column("address", _("Address"), _address),
        Column("postcode", _("Postcode"), lambda one: _part(one, "postcode")),
        Column("city", _("Town"), lambda one: _part(one, "city")),
        Column("country", _("Country"), lambda one: _part(one, "country")),
        Column("language", _("Language"), lambda one: one.language, Kind.CODE),
        Column("first_ore", _("First sum"), lambda one: one.sum_ore(0), Kind.MONEY),
        Column("second_ore", _("Second sum"), lambda one: one.sum_ore(1), Kind.MONEY),
        Column("third_ore", _("Third sum"), lambda one: one.sum_ore(2), Kind.MONEY),
        Column("ocr", _("OCR number"), lambda one: one.letter.ocr, Kind.CODE),
        Column("link", _("Link, for the QR code"), lambda one: one.link),
    ),
    filters=(filters.reference(filters.with_ref("appeal"), OF_APPEAL, "appeal"),),
)
