"""What has been given: every gift, its receipt, and the sum of each year. Pages that print well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.give import links
from fundraise.give.mine import frame, papers, words
from fundraise.give.mine.people import Person
from fundraise.reporting import receipts, wording
from fundraise.reporting.charity import words as tax_words
from fundraise.reporting.models import Receipt


@dataclass(frozen=True)
class Line:
    """One gift in a list. `back_ore`: what was sent back of it."""

    day: str
    amount_ore: int
    back_ore: int
    title: str
    payee: str
    way: str
    receipt_url: str
    ask_url: str = ""  # where a receipt is asked for that is not made yet


@dataclass(frozen=True)
class Year:
    """A year's gifts to one receiver and their sum, less what was sent back."""

    year: int
    sum_ore: int
    number: int
    url: str


def lines_of(gifts: Iterable[Gift], language: str) -> list[Line]:
    """Gifts as lines."""
    found = list(gifts)
    refs = dict(Receipt.objects.filter(gift__in=found).values_list("gift_id", "ref"))
    return [_line(gift, refs.get(gift.pk), language) for gift in found]


def _line(gift: Gift, receipt: UUID | None, language: str) -> Line:
    return Line(
        day=words.day(_day(gift)),
        amount_ore=gift.amount_ore,
        back_ore=gift.amount_ore - gift.standing_ore,
        title=gift.campaign.title(language),
        payee=gift.entity.name,
        way=str(gift.get_channel_display()),
        receipt_url=links.own("receipt", language, receipt) if receipt is not None else "",
        ask_url=links.own("ask_receipt", language, gift.ref)
        if receipt is None and receipts.may_have_one(gift)
        else "",
    )


def _day(gift: Gift) -> date:
    return clock.local_date(gift.received_at or gift.created_at)


def gifts(request: HttpRequest, person: Person) -> HttpResponse:
    """All gifts by year, the newest first."""
    language = str(request.LANGUAGE_CODE)
    all_of_them = list(person.gifts().order_by("-received_at", "-pk"))
    by_year: dict[int, list[Gift]] = {}
    for gift in all_of_them:
        by_year.setdefault(_day(gift).year, []).append(gift)
    years = [
        (
            Year(
                year,
                sum(gift.standing_ore for gift in found),
                len(found),
                links.own("year", language, year),
            ),
            lines_of(found, language),
        )
        for year, found in by_year.items()
    ]
    return frame.page(request, "give/mine/gifts.html", logged_in=True, here="gifts", years=years)


def year(request: HttpRequest, person: Person, year: int) -> HttpResponse:
    """One year's summary, to keep or print: each receiver apart, with its number."""
    language = str(request.LANGUAGE_CODE)
    found = [gift for gift in _in_order(person.gifts()) if _day(gift).year == year]
    if not found:
        raise Http404
    statements = papers.whose(person, year)
    receivers: dict[int, list[Gift]] = {}
    for gift in found:
        receivers.setdefault(gift.entity_id, []).append(gift)
    parts = [
        (
            some[0].entity,
            lines_of(some, language),
            sum(gift.standing_ore for gift in some),
            [one for one in statements if one.entity.pk == some[0].entity_id],
            tax_words.of_year(year, lowers_tax=some[0].entity.tax_reduction),
        )
        for some in receivers.values()
    ]
    return frame.page(
        request,
        "give/mine/year.html",
        logged_in=True,
        here="gifts",
        year=year,
        parts=parts,
        statement_url=links.own("statement", language, year),
        made_on=words.day(clock.today()),
        names=[donor_name for donor_name in person.names() if donor_name],
    )


def _in_order(gifts: QuerySet[Gift]) -> QuerySet[Gift]:
    return gifts.order_by("received_at", "pk")


def receipt(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """A receipt with the same sentences as the one that was mailed, in the page's language."""
    language = str(request.LANGUAGE_CODE)
    found = Receipt.objects.filter(ref=ref, gift__in=person.gifts())
    row = found.select_related("gift__campaign", "entity").first()
    if row is None:
        raise Http404
    row.language = language  # of what is shown; the row itself stays
    with translation.override(language):
        said = wording.of(row)
    return frame.page(
        request,
        "give/mine/receipt.html",
        logged_in=True,
        here="gifts",
        said=said,
        pdf_url=links.own("receipt_pdf", language, row.ref),
        gift=row.gift,
        entity=row.entity,
    )
