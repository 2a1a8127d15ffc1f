"""Lists taken out as files: asked for, watched while they are made, fetched, and the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access, sudo, taking, words
from fundraise.console.guard import action, only, staff_page
from fundraise.console.shell import page
from fundraise.console.tables.base import Chosen, Table, Viewer, choose
from fundraise.console.tables.exports import EXPORTS
from fundraise.console.tables.page import list_page
from fundraise.console.tables.registry import TABLES
from fundraise.console.taking import Taking
from fundraise.jobs import work
from fundraise.language import SWEDISH
from fundraise.reporting.exports import services, writers
from fundraise.reporting.exports.models import ExportRecord
from fundraise.staff import rights

View = Callable[..., HttpResponse]


def take(name: str) -> View:
    """The view that takes one list out; the choices are in the query string, as on its page."""
    table = TABLES[name]

    @action(table.take_out)
    def taken(request: HttpRequest) -> HttpResponse:
        form = request.POST.get("format", "")
        if form not in writers.FORMATS:
            messages.error(request, _("Choose Excel, CSV or JSON."))
            return redirect(f"console:{name}")
        asked = Taking(_chosen(request, table), form, get_language() or SWEDISH)
        # Names want the same log-in again as the file of donors does.
        if asked.personal and (again := sudo.asked(request)) is not None:
            return again
        if taking.is_long(asked):
            return _by_worker(asked)
        record, file = taking.at_once(asked)
        return cast(HttpResponse, FileResponse(file, as_attachment=True, **_named(record)))

    return taken


def _chosen(request: HttpRequest, table: Table) -> Chosen:
    viewer = Viewer(rights.of(request.user), access.by(request))
    return choose(table, viewer, {**request.GET.dict(), **request.POST.dict()})


def _by_worker(asked: Taking) -> HttpResponse:
    record = services.ask(asked.asked(), by=asked.chosen.viewer.who)
    return redirect(begin(record))


def begin(record: ExportRecord) -> str:
    """Ask a worker for the file; where its progress is shown."""
    place = reverse("console:export", args=[record.ref])
    kind = "year_papers" if record.format == "pdf" else "export"
    begun = work.begin(kind, by=record.by, arguments={"export": record.pk}, place=place)
    services.tie(record, begun)
    return place


def _named(record: ExportRecord) -> dict[str, str]:
    day = f"{record.asked_at:%Y-%m-%d}"
    content_type = writers.content_type(record.format)
    name = f"{record.table}-{day}-{str(record.ref)[:8]}.{record.format}"
    return {"filename": name, "content_type": content_type}


@require_GET
@staff_page
def export(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One file: how far it has come, or where to fetch it. Only for who asked."""
    row = _mine(request, ref)
    title = str(TABLES[row.table].title) if row.table in TABLES else row.table
    return page(
        request,
        "export",
        _("%(list)s as a file") % {"list": title},
        export=row,
        work=row.work,
        why=words.work_code(row.work.code) if row.work else "",
        stop=reverse("console:stop_export", args=[row.ref]),
        sha256=bytes(row.sha256).hex() if row.sha256 else "",
        again=f"{reverse(f'console:{row.table}')}?{urlencode(row.chosen)}",
        refresh_seconds=0 if row.work is None or row.work.is_ended else 3,
    )


@staff_page
def fetch(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The file itself, posted for, as long as it is kept."""
    row = _mine(request, ref)
    if request.method != "POST":
        return redirect("console:export", ref=ref)
    if not taking.may_still(row, cast(User, request.user)):
        messages.error(request, _("Your account may not take this list out any more."))
        return redirect("console:export", ref=ref)
    if services.is_kept(row) and not services.is_whole(row):
        return _again(request, row)
    body = services.fetch(row, by=access.by(request))
    if body is None:
        messages.error(request, _("The file has expired. Take the list out again."))
        return redirect("console:export", ref=ref)
    if row.work is not None:
        work.see(row.work, by=row.by)
    named = _named(row)
    response = StreamingHttpResponse(body, content_type=named["content_type"])
    response["Content-Disposition"] = f'attachment; filename="{named["filename"]}"'
    response["Content-Length"] = str(row.size)
    return cast(HttpResponse, response)


def _again(request: HttpRequest, row: ExportRecord) -> HttpResponse:
    """The kept file has been damaged: nothing of it is sent, and a worker makes it anew."""
    with transaction.atomic():
        if services.spoil(row, by=access.by(request)):
            begin(row)
    messages.error(request, _("The kept file was damaged. It is being made again: wait here."))
    return redirect("console:export", ref=row.ref)


@staff_page
def stop(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Break the making of a file off."""
    row = _mine(request, ref)
    if request.method != "POST":
        return redirect("console:export", ref=ref)
    if row.work is not None and work.ask_to_stop(row.work, by=row.by):
        messages.success(request, _("It is stopped. No file was made."))
    else:
        messages.info(request, _("It had ended before."))
    return redirect("console:export", ref=ref)


def _mine(request: HttpRequest, ref: UUID) -> ExportRecord:
    rows = ExportRecord.objects.select_related("work").filter(by=access.by(request))
    return get_object_or_404(rows, ref=ref)


@require_GET
@only("exports.view")
def exports(request: HttpRequest) -> HttpResponse:
    """The register: what was taken out, by whom, when, how many rows, which sums."""
    return list_page(request, EXPORTS)
