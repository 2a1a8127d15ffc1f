"""How the bank's CSV is read: said of a refused file, listed, changed by versions, put away."""

from __future__ import annotations

import io
import zlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import crypto
from fundraise.audit import services as audit
from fundraise.console import access, log_words
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.treasury.mapping import MappingForm, chosen_of, look_of
from fundraise.console.views.treasury_files import found_file
from fundraise.reconciliation import file_words, inbox, mappings
from fundraise.reconciliation.formats import mapper
from fundraise.reconciliation.formats.base import FormatError
from fundraise.reconciliation.formats.look import Look, look
from fundraise.reconciliation.formats.mapper import MappingError
from fundraise.reconciliation.models import CsvMapping, StatementFile
from fundraise.staff import rights

MAPPABLE = {"unknown_csv", "no_header"}


@require_http_methods(["GET", "POST"])
@only("statements.import")
def file_columns(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Which column is which. It is tried on the file before it is saved."""
    row = found_file(request, ref, "statements.import")
    content, seen = _table_of(row)
    form = MappingForm(request.POST or None, seen=seen, initial={"name": row.name.split(".")[0]})
    tried = None
    if request.method == "POST" and form.is_valid():
        try:
            tried = mappings.try_on(content, form.mapping())
            if tried.problem is None and "save" in request.POST:
                return _saved(request, row, form)
        except MappingError as error:
            form.refuse(error)
    audit.log_read(
        by=access.by(request),
        subject_type="statement_file",
        subject_ref=row.ref,
        purpose="staff.columns",
    )
    status = 422 if form.errors or (tried and tried.problem) else 200
    return page(
        request,
        "treasury/columns",
        _("Which column is which"),
        status=status,
        entity=row.entity_id,
        file=row,
        form=form,
        **_said(tried),
    )


def _said(tried: mappings.Tried | None) -> dict[str, Any]:
    """What the mapping made of the file, in words."""
    problem = tried.problem if tried is not None else None
    if problem is None:
        return {"tried": tried}
    return {
        "tried": tried,
        "why": file_words.why(problem.code, problem.facts),
        "where": file_words.where(problem.at),
    }


def _table_of(row: StatementFile) -> tuple[bytes, Look]:
    """A refused file's bytes and first rows. Raises Http404 when it is no table, or is gone."""
    if row.state != StatementFile.State.REFUSED or row.reason not in MAPPABLE:
        raise Http404
    try:
        content = inbox.content_of(StatementFile.objects.get(pk=row.pk))
        return content, look(io.BytesIO(content))
    except (FormatError, crypto.CryptoError, zlib.error) as error:
        raise Http404 from error


def _saved(request: HttpRequest, row: StatementFile, form: MappingForm) -> HttpResponse:
    """Saved, and the file read by it at once. Raises MappingError."""
    mappings.save(form.mapping(), by=access.by(request))
    try:
        mine = rights.entities(request.user, "statements.import")
        again = inbox.read_again(row.pk, by=access.by(request))
        read = inbox.read_stored(again, entities=mine)
        if read.state == StatementFile.State.READ:
            messages.success(request, _("Saved. Files like this are read from now on."))
    except inbox.InboxError:
        pass  # somebody had it read meanwhile
    return redirect("console:statement_file", ref=row.ref)


@require_GET
@only("statements.view")
def saved_forms(request: HttpRequest) -> HttpResponse:
    """Every form that was saved, those that files are read by first."""
    rows = CsvMapping.objects.order_by(F("retired_at").asc(nulls_first=True), "name", "-number")
    return page(request, "treasury/saved_forms", _("How lists are read"), rows=rows)


@require_http_methods(["GET", "POST"])
@only("statements.import")
def saved_form(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One form; another way of reading is its next version."""
    row = get_object_or_404(CsvMapping, ref=ref)
    try:
        mapping = mapper.of_json(row.mapping)
    except MappingError:  # saved by an older version of the program: it can only be put away
        return _form_page(request, row, None)
    form = MappingForm(
        request.POST or None,
        seen=look_of(mapping),
        initial={**chosen_of(mapping), "name": row.name},
    )
    form.fields["name"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            told = {**row.mapping, **form.mapping(), "signature": row.mapping.get("signature", ())}
            new = mappings.change(row.pk, told, by=access.by(request))
        except MappingError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved as version %(number)s.") % {"number": new.number})
            return redirect("console:saved_form", ref=new.ref)
    return _form_page(request, row, form, 422 if form.errors else 200)


def _form_page(
    request: HttpRequest, row: CsvMapping, form: MappingForm | None, status: int = 200
) -> HttpResponse:
    return page(
        request, "treasury/saved_form", row.name, status=status, row=row, form=form,
        versions=CsvMapping.objects.filter(name=row.name).order_by("-number"),
        changes=log_words.changes_of("csv_mapping", row.ref),
    )  # fmt: skip


@action("statements.import")
def put_form_away(request: HttpRequest, ref: UUID) -> HttpResponse:
    """No file is read by it any more."""
    row = get_object_or_404(CsvMapping, ref=ref)
    mappings.retire(row.pk, by=access.by(request))
    messages.success(request, _("It is put away: nothing is read by it any more."))
    return redirect("console:saved_form", ref=ref)
