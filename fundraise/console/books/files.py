"""SIE files: the register, a new one looked at before it is made, fetched, issued again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import clock
from fundraise.console import access, log_words
from fundraise.console.books.forms import FileForm, WhyForm, YearForm, month_before
from fundraise.console.books.said import sentence
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.book_exports import BOOK_EXPORTS
from fundraise.console.tables.page import list_page
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.books import exporting, queries, reissuing, whole
from fundraise.reporting.books.exporting import ExportError
from fundraise.reporting.books.models import BookExport
from fundraise.reporting.books.reissuing import ReissueError
from fundraise.staff import rights

MAY = "books.export"


@require_GET
@only("books.view")
def book_exports(request: HttpRequest) -> HttpResponse:
    """Every SIE file, the newest first."""
    return list_page(request, BOOK_EXPORTS)


@require_http_methods(["GET", "POST"])
@only(MAY)
def new_file(request: HttpRequest) -> HttpResponse:
    """Days are chosen and looked at (nothing is noted), then the file is made of what was shown."""
    sent = request.POST if request.method == "POST" else request.GET
    entities = rights.entities(request.user, MAY)
    first, last = month_before(clock.today())
    given = sent if "from_day" in sent else None
    form = FileForm(given, entities=entities, initial={"from_day": first, "to_day": last})
    if not form.is_valid():
        return _new(request, form, status=422 if form.is_bound else 200)
    if request.method == "POST":
        return _made(request, form)
    return _look(request, form)


def _new(request: HttpRequest, form: FileForm, status: int = 200, **more: Any) -> HttpResponse:
    title = _("New SIE file")
    return page(request, "books/new_file", title, status=status, form=form, **more)


def _look(request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
    said = form.cleaned_data
    try:
        found = exporting.prepare(said["entity"], said["from_day"], said["to_day"])
    except ExportError as error:
        form.add_error(None, sentence(error))
        return _new(request, form, 422)
    is_now = said["to_day"] >= clock.today().replace(day=1)
    return _new(request, form, status, found=found, chosen=said, is_now=is_now)


def _made(request: HttpRequest, form: FileForm) -> HttpResponse:
    said, seen = form.cleaned_data, request.POST.get("seen", "-")
    days = (said["from_day"], said["to_day"])
    try:
        made = exporting.export_4i(said["entity"], *days, by=access.by(request), seen=seen)
    except ExportError as error:
        if error.code == "moved":
            messages.warning(request, sentence(error))
            return _look(request, form, 409)
        form.add_error(None, sentence(error))
        return _new(request, form, 422)
    messages.success(request, _("The file is made. Fetch it, and read it into the program."))
    return redirect("console:book_export", ref=made.ref)


@require_http_methods(["GET", "POST"])
@only(MAY)
def new_year_file(request: HttpRequest) -> HttpResponse:
    """A year of whole books: looked at (nothing is noted), then made of what was shown."""
    sent = request.POST if request.method == "POST" else request.GET
    entities = rights.entities(request.user, MAY)
    form = YearForm(sent if "year" in sent else None, entities=entities)
    if not form.is_valid():
        return _new_year(request, form, status=422 if form.is_bound else 200)
    entity, year, status = form.cleaned_data["entity"], form.cleaned_data["year"], 200
    try:
        if request.method == "POST":
            seen = request.POST.get("seen", "-")
            made = whole.export_4e(entity, year, by=access.by(request), seen=seen)
            messages.success(request, _("The year's file is made. Fetch it here."))
            return redirect("console:book_export", ref=made.ref)
    except ExportError as error:
        if error.code != "moved":
            form.add_error(None, sentence(error))
            return _new_year(request, form, 422)
        messages.warning(request, sentence(error))
        status = 409
    return _look_at_year(request, form, entity, year, status)


def _look_at_year(
    request: HttpRequest, form: YearForm, entity: LegalEntity, year: int, status: int
) -> HttpResponse:
    try:
        found = whole.look(entity, year)
    except ExportError as error:
        form.add_error(None, sentence(error))
        return _new_year(request, form, 422)
    shut = queries.shut_months(entity, year)
    return _new_year(request, form, status, found=found, chosen=form.cleaned_data, shut=shut)


def _new_year(request: HttpRequest, form: YearForm, status: int, **more: Any) -> HttpResponse:
    title = _("Whole books of a year")
    return page(request, "books/new_year_file", title, status=status, form=form, **more)


@require_GET
@only("books.view")
def book_export(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One file: what is in it, what was written otherwise, and who has it."""
    row = _found(request, ref, "books.view")
    fetches = list(row.fetches.order_by("pk"))
    return page(
        request,
        "books/file",
        _("SIE file %(number)s") % {"number": row.number},
        entity=row.entity_id,
        export=row,
        numbers=[dict(zip(("series", "year", "first", "last", "count"), n, strict=True))
                 for n in row.numbers],
        fetches=fetches,
        reissues=row.reissues.order_by("-pk"),
        may_fetch=not fetches or row.reissues.filter(state="agreed").exists(),
        is_asked=row.reissues.filter(state="asked").exists(),
        form=WhyForm(),
        changes=log_words.changes_of("book_export", row.ref),
    )  # fmt: skip


@action(MAY)
def fetch_file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The bytes as they were made; posted, for who fetches them has them since."""
    row = _found(request, ref, MAY)
    try:
        content = reissuing.fetch(row.pk, by=access.by(request))
    except ReissueError as error:
        messages.error(request, sentence(error))
        return redirect("console:book_export", ref=ref)
    return as_file(content, row.file_name, "application/octet-stream")


@action(MAY)
def ask_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask a second person for the file once more."""
    row = _found(request, ref, MAY)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
        return redirect("console:book_export", ref=ref)
    try:
        reissuing.ask(row.pk, by=access.by(request), why=form.cleaned_data["reason"])
        messages.success(request, _("A second person is asked. Nothing is given out before."))
    except ReissueError as error:
        messages.error(request, sentence(error))
    return redirect("console:book_export", ref=ref)


def _found(request: HttpRequest, ref: UUID, permission: str) -> BookExport:
    rows = BookExport.objects.select_related("entity").defer("content")
    return access.found(request, rows, permission, ref=ref)


def as_file(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes to save, never to show and never kept on the way."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
