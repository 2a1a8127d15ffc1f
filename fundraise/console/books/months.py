"""The months of the books: how they stand, what is signed, closing, the pack, opening again."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.campaigns.queries import funds_of_days
from fundraise.console import access, words
from fundraise.console.books import lines_said
from fundraise.console.books.files import as_file
from fundraise.console.books.forms import WhyForm
from fundraise.console.books.said import sentence
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.draws import month_of
from fundraise.ledger.models import LegalEntity, Period
from fundraise.reporting.books import queries
from fundraise.reporting.books.closing import packing, reopening, services
from fundraise.reporting.books.closing.checks import checklist
from fundraise.reporting.books.closing.services import ClosingError, stamp
from fundraise.reporting.books.exporting import ExportError, last_day
from fundraise.reporting.books.models import Closing, PackFile, Reopening
from fundraise.staff import rights

VIEW, CLOSE = "periods.view", "periods.close"


@require_GET
@only(VIEW)
def months(request: HttpRequest) -> HttpResponse:
    """Every month that has journals, of each entity, the newest first."""
    entities = LegalEntity.objects.filter(pk__in=rights.entities(request.user, VIEW))
    books = [(entity, queries.months(entity)) for entity in entities.order_by("pk")]
    return page(request, "books/months", _("Months"), books=books)


@require_GET
@only(VIEW)
def month(request: HttpRequest, ref: UUID, year: int, number: int) -> HttpResponse:
    """One month: its sums, the checklist, and what can be done."""
    entity, first = _found(request, ref, year, number, VIEW)
    state = services.state_of(entity, first)
    standing = Closing.objects.filter(entity=entity, first_day=first, state="closed").first()
    lines = checklist(entity, first) if state == Period.State.OPEN else []
    return page(
        request,
        "books/month",
        month_of(first).capitalize(),
        entity=entity.pk,
        whose=entity,
        first=first,
        state=state,
        is_over=clock.today() > last_day(first),
        sums=queries.month(entity, first),
        funds=funds_of_days(entity, first, last_day(first)),
        lines=[(line, lines_said.said(line.key, line.name), stamp(line)) for line in lines],
        left=sum(not line.is_settled for line in lines),
        frozen=[(one, lines_said.said(one["key"], one.get("name", ""))) for one in standing.lines]
        if standing
        else [],
        closing=standing,
        pack=standing.pack.defer("content").order_by("name") if standing else [],
        closings=Closing.objects.filter(entity=entity, first_day=first).order_by("-number"),
        reopenings=Reopening.objects.filter(
            closing__entity=entity, closing__first_day=first
        ).order_by("-pk"),
        form=WhyForm(),
        **_pack_work(standing),
    )


def _pack_work(standing: Closing | None) -> dict[str, Any]:
    """How far the pack of a closed month is, for a page that looks again until it is there."""
    is_missing = standing is not None and standing.packed_at is None
    latest = packing.latest_work(standing) if standing and is_missing else None
    return {
        "work": latest,
        "why": words.work_code(latest.code) if latest else "",
        "refresh_seconds": 3 if latest and not latest.is_ended else 0,
    }


def _found(
    request: HttpRequest, ref: UUID, year: int, number: int, permission: str
) -> tuple[LegalEntity, date]:
    entity = access.found(request, LegalEntity.objects.all(), permission, "pk", ref=ref)
    try:
        return entity, date(year, number, 1)
    except ValueError:
        raise Http404 from None


def _back(entity: LegalEntity, first: date) -> HttpResponse:
    return redirect("console:month", ref=entity.ref, year=first.year, number=first.month)


@action(CLOSE)
def sign(request: HttpRequest, ref: UUID, year: int, number: int) -> HttpResponse:
    """Somebody answers for a line that is not green."""
    entity, first = _found(request, ref, year, number, CLOSE)
    said = {name: request.POST.get(name, "") for name in ("shown", "comment")}
    try:
        key = request.POST.get("key", "")
        services.sign(entity, first, key, **said, by=access.by(request))
        messages.success(request, _("Signed. It holds until the line changes."))
    except ClosingError as error:
        messages.error(request, sentence(error))
    return _back(entity, first)


@action(CLOSE)
def close(request: HttpRequest, ref: UUID, year: int, number: int) -> HttpResponse:
    """Freeze the month; a worker makes its pack."""
    entity, first = _found(request, ref, year, number, CLOSE)
    with_sie = "with_sie" in request.POST and rights.may(request.user, "books.export", entity.pk)
    try:
        services.close(entity, first, by=access.by(request), with_sie=with_sie)
    except (ClosingError, ExportError) as error:
        messages.error(request, sentence(error))
        return _back(entity, first)
    messages.success(request, _("The month is closed. Its pack is being made."))
    return _back(entity, first)


def _standing(
    request: HttpRequest, ref: UUID, year: int, number: int, permission: str
) -> tuple[LegalEntity, date, Closing | None]:
    entity, first = _found(request, ref, year, number, permission)
    rows = Closing.objects.filter(entity=entity, first_day=first, state="closed")
    closing = rows.first()
    if closing is None:
        messages.error(request, sentence(ClosingError("not_closed")))
    return entity, first, closing


@action("books.export")
def make_file(request: HttpRequest, ref: UUID, year: int, number: int) -> HttpResponse:
    """The SIE file of a closed month, which locks it."""
    entity, first, closing = _standing(request, ref, year, number, "books.export")
    if closing is not None:
        try:
            services.make_file(closing, by=access.by(request))
            messages.success(request, _("The SIE file is made, and the month is locked."))
        except (ClosingError, ExportError) as error:
            messages.error(request, sentence(error))
    return _back(entity, first)


@action(CLOSE)
def make_pack(request: HttpRequest, ref: UUID, year: int, number: int) -> HttpResponse:
    """The pack of a month that was closed without one: something failed on the way."""
    entity, first, closing = _standing(request, ref, year, number, CLOSE)
    if closing is not None:
        packing.ask_for_pack(closing, by=access.by(request))
        messages.success(request, _("The pack is being made."))
    return _back(entity, first)


@action("periods.reopen")
def reopen(request: HttpRequest, ref: UUID, year: int, number: int) -> HttpResponse:
    """Ask a second person to open the month again."""
    entity, first, closing = _standing(request, ref, year, number, "periods.reopen")
    if closing is not None:
        try:
            why = request.POST.get("reason", "")
            reopening.ask(closing.pk, by=access.by(request), why=why)
            messages.success(request, _("A second person is asked. The month stays closed so far."))
        except ClosingError as error:
            messages.error(request, sentence(error))
    return _back(entity, first)


@require_GET
@only(VIEW)
def pack_file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A file of a pack, as it was made."""
    rows = PackFile.objects.select_related("closing")
    row: Any = access.found(request, rows, VIEW, "closing__entity", ref=ref)
    return as_file(bytes(row.content), row.name, row.media_type)
