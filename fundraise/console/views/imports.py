"""Member lists: a file, what its columns hold, what would happen, and then that it happens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from donors.errors import DonorError
from donors.importing import running, services, words
from donors.importing.error_file import error_file
from donors.importing.table import FileRefused
from donors.importing.terms import Terms
from donors.models import ImportRow, ImportRun
from fundraise.audit import services as audit
from fundraise.console import access, uploads
from fundraise.console.guard import action, only
from fundraise.console.import_forms import (
    ColumnsForm,
    SheetForm,
    TermsForm,
    UploadForm,
    terms_shown,
)
from fundraise.console.paging import page_of
from fundraise.console.shell import page
from fundraise.console.templatetags.staff import number

MAY = "donors.import"
LINES_SHOWN = 50
State = ImportRun.State
KINDS = {"csv": "text/csv; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


@require_http_methods(["GET", "POST"])
@only(MAY)
def imports(request: HttpRequest) -> HttpResponse:
    """The lists that came, and the form for a new one."""
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        run = _uploaded(request, form)
        if run is not None:
            return redirect("console:import", ref=run.ref)
    runs = page_of(request, ImportRun.objects.defer("body"))
    status = 422 if form.is_bound else 200
    return page(request, "imports", _("Member lists"), status=status, form=form, list=runs)


def _uploaded(request: HttpRequest, form: UploadForm) -> ImportRun | None:
    if not form.is_valid():
        if uploads.was_too_heavy(request):
            form.errors.clear()
            form.add_error("file", str(words.FILE["too_large"]))
        return None
    try:
        return services.upload(form.cleaned_data["file"].read(), by=access.by(request))
    except FileRefused as error:
        form.add_error("file", words.refusal(error))
    return None


@require_GET
@only(MAY)
def import_run(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One list, as far as it has come."""
    return _shown(request, _run(ref))


def _run(ref: UUID) -> ImportRun:
    return get_object_or_404(ImportRun, ref=ref)


def _shown(request: HttpRequest, run: ImportRun, status: int = 200, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {"run": run}
    if run.state == State.UPLOADED:
        context |= _choices(request, run)
    elif run.state in {State.CHECKED, State.DONE}:
        context |= _outcomes(run)
    if run.error:
        context["why"] = words.FILE.get(run.error, run.error)
    context["terms"] = terms_shown(Terms.read(run.terms))
    return page(request, "import", _("Member list"), status=status, **{**context, **more})


def _choices(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    """The forms; some cells of the list are shown, so the look is written down."""
    table = services.table_of(run)
    audit.log_read(
        by=access.by(request),
        subject_type="donor_import",
        subject_ref=run.ref,
        purpose="import.sample",
    )
    return {
        "columns_form": ColumnsForm(table, run.columns),
        "terms_form": TermsForm(initial=Terms.read(run.terms).kept()),
        "sheet_form": SheetForm(table.sheets, initial={"sheet": run.sheet}),
        "sheets": table.sheets,
    }


def _outcomes(run: ImportRun) -> dict[str, Any]:
    counts = [(outcome, words.OUTCOMES[outcome], run.counts[outcome])
              for outcome in ImportRow.Outcome.values]  # fmt: skip
    reasons = [
        (words.OUTCOMES[outcome], words.reason(code, field), rows)
        for (outcome, code, field), rows in running.reasons(run).most_common()
    ]
    waiting = ImportRow.objects.filter(run=run).exclude(code="").select_related("donor")
    lines = [(row, words.OUTCOMES[row.outcome], words.reason(row.code, row.field))
             for row in waiting.order_by("line")[:LINES_SHOWN]]  # fmt: skip
    return {
        "counts": counts,
        "reasons": reasons,
        "lines": lines,
        "act": _act(run.counts["created"], run.counts["added"]),
        "left_out": run.left_out,
        "kept": run.body is not None,
    }


def _act(new: int, more: int) -> str:
    """What the button says that it will do; nothing when there is nothing to do."""
    adds = ngettext("add %(number)s person", "add %(number)s people", new)
    said = [(new, adds), (more, _("add to %(number)s who are known"))]
    text = ", ".join(part % {"number": number(count)} for count, part in said if count)
    return text[:1].upper() + text[1:]


@action(MAY)
def choose_sheet(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Another sheet of the workbook."""
    run = _run(ref)
    sheet = request.POST.get("sheet", "")
    try:
        place = int(sheet) if sheet.isascii() and sheet.isdigit() else -1
        services.choose_sheet(run=run, sheet=place, by=access.by(request))
    except FileRefused as error:
        messages.error(request, words.refusal(error))
    except DonorError as error:
        messages.error(request, str(words.FILE.get(error.code, error.code)))
    return redirect("console:import", ref=ref)


@action(MAY)
def check(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Have the dry run made with the columns and terms that were sent."""
    run = _run(ref)
    if run.state != State.UPLOADED:
        return _too_late(request, run)
    table = services.table_of(run)
    columns, terms = ColumnsForm(table, run.columns, request.POST), TermsForm(request.POST)
    if not (columns.is_valid() & terms.is_valid()):
        return _shown(request, run, 422, columns_form=columns, terms_form=terms)
    if not services.check(
        run=run, columns=columns.meant(), terms=terms.terms(), by=access.by(request)
    ):
        return _too_late(request, run)
    return redirect("console:import", ref=ref)


def _too_late(request: HttpRequest, run: ImportRun) -> HttpResponse:
    messages.warning(request, _("The list has come further. Nothing was changed."))
    return redirect("console:import", ref=run.ref)


@action(MAY)
def choose_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Back to the columns."""
    run = _run(ref)
    if not services.choose_again(run=run, by=access.by(request)):
        return _too_late(request, run)
    return redirect("console:import", ref=ref)


@action(MAY)
def begin(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Have the checked list written."""
    run = _run(ref)
    if not services.begin(run=run, by=access.by(request)):
        return _too_late(request, run)
    return redirect("console:import", ref=ref)


@action(MAY)
def cancel(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop, and throw the file away."""
    run = _run(ref)
    if not services.cancel(run=run, by=access.by(request)):
        return _too_late(request, run)
    messages.success(request, _("It is stopped and the file is thrown away."))
    return redirect("console:import", ref=ref)


@require_GET
@only(MAY)
def errors(request: HttpRequest, ref: UUID, kind: str) -> HttpResponse:
    """The rows that were left out, as a file; the read log says who took it."""
    if kind not in KINDS:
        raise Http404
    run = _run(ref)
    try:
        content = error_file(run=run, kind=kind, by=access.by(request))
    except DonorError as error:
        messages.error(request, str(words.FILE.get(error.code, error.code)))
        return redirect("console:import", ref=ref)
    name = f'attachment; filename="fel-{str(ref)[:8]}.{kind}"'
    return HttpResponse(content, content_type=KINDS[kind], headers={"Content-Disposition": name})
