"""Files from Bankgirot: dropped on the page, recognised, worked in or refused; their questions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.console import access, giro_kinds, log_words, uploads
from fundraise.console.giro_forms import DropForm, SolveForm
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.autogiro import ENTITY, IN_FILES, IN_ROWS, QUESTIONS, in_scope
from fundraise.console.tables.page import list_page, listing
from fundraise.console.views.autogiro import calendar_page
from fundraise.providers.giro import inbox, passing, queue
from fundraise.providers.giro.delivering import FileError
from fundraise.providers.giro.models import InFile, InRow, OtherFile, Question
from fundraise.staff import rights

TOO_LARGE = gettext_lazy("The file is larger than what the page takes. Put it into the folder.")
OTHERS = gettext_lazy("The account belongs to another legal entity.")
NO_FILE = gettext_lazy("The file is empty. Fetch it once more from the bank's channel.")
NOT_ADOPTED = gettext_lazy("There is nothing to take over any more. Look at the mandate.")


@require_GET
@only("autogiro.view")
def files_in(request: HttpRequest) -> HttpResponse:
    """Files from Bankgirot."""
    return list_page(request, IN_FILES)


@action("autogiro.take_in", back="../../")
def drop(request: HttpRequest) -> HttpResponse:
    """A file that somebody fetched from the bank: what it is and what became of its rows."""
    form = DropForm(request.POST, request.FILES)
    if not form.is_valid():
        if int(request.META.get("CONTENT_LENGTH") or 0) > uploads.most_bytes():
            form.errors.clear()
            form.add_error("file", str(TOO_LARGE))
        return calendar_page(request, status=422, drop_form=form)
    sent = form.cleaned_data["file"]
    content = sent.read()
    if not inbox.is_within(content, rights.entities(request.user, "autogiro.take_in")):
        form.add_error("file", str(OTHERS))
        return calendar_page(request, status=422, drop_form=form)
    try:
        file = inbox.take_in(content, by=access.by(request), name=sent.name or "")
    except ValueError:
        form.add_error("file", str(NO_FILE))
        return calendar_page(request, status=422, drop_form=form)
    return redirect("console:giro_in", ref=file.ref)


def _found(request: HttpRequest, ref: UUID, permission: str) -> InFile:
    found: InFile = get_object_or_404(in_scope(rights.of(request.user), permission), ref=ref)
    return found


@require_GET
@only("autogiro.view")
def file_in(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One file from Bankgirot: what it was recognised as, and what became of each row."""
    row = _found(request, ref, "autogiro.view")
    results = [
        (code, label, row.counts.get(code, 0), f"?result={code}")
        for code, label in InRow.Result.choices
    ]
    return page(
        request,
        "giro_in",
        str(giro_kinds.kind(row.kind)),
        entity=row.agreement.account.entity_id if row.agreement else None,
        file=row,
        sha256=bytes(row.sha256).hex(),
        results=[one for one in results if one[2]],
        why=giro_kinds.refusal(row) if row.state == InFile.State.REFUSED else "",
        place=giro_kinds.place(row) if row.line else "",
        list=listing(request, IN_ROWS, {"file": str(row.ref)}),
        others=OtherFile.objects.filter(source=row).defer("sealed").first(),
        questions=row.questions.order_by("line"),
        changes=log_words.changes_of("giro_file", row.ref),
    )


@require_GET
@only("autogiro.view")
def rows(request: HttpRequest) -> HttpResponse:
    """Rows of files from Bankgirot."""
    return list_page(request, IN_ROWS)


@action("autogiro.take_in")
def read_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A setting was mended that a file was refused for."""
    file = _found(request, ref, "autogiro.take_in")
    if file.state == InFile.State.REFUSED:
        file = inbox.try_again(file, by=access.by(request))
    if file.state == InFile.State.APPLIED:
        messages.success(request, _("The file is worked in."))
    else:
        messages.error(request, _("The file is as it was. The reason stands below."))
    return redirect("console:giro_in", ref=ref)


@require_GET
@only("autogiro.take_in")
def others(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The rows of another system, as a file to pass on; the read log says who fetched it."""
    row = _found(request, ref, "autogiro.take_in")
    try:
        name, content = passing.content_of(row, by=access.by(request))
    except OtherFile.DoesNotExist:
        raise Http404 from None
    except FileError:
        back = reverse("console:giro_in", args=[ref])
        return page(request, "giro_gone", _("File from Bankgirot"), status=410, back=back)
    answer = HttpResponse(content, content_type="application/octet-stream")
    safe = "".join(char if char.isalnum() or char in "._-" else "_" for char in name)
    answer["Content-Disposition"] = f'attachment; filename="{safe}"'
    answer["Cache-Control"] = "no-store"
    return answer


# --- Questions ------------------------------------------------------------------------------------
@require_GET
@only("autogiro.view")
def questions(request: HttpRequest) -> HttpResponse:
    """What waits for a person."""
    return list_page(request, QUESTIONS)


def _question(request: HttpRequest, ref: UUID, permission: str) -> Question:
    related = Question.objects.select_related("agreement__account", "file", "mandate__pledge")
    return access.found(request, related.defer("file__sealed"), permission, ENTITY, ref=ref)


@require_GET
@only("autogiro.view")
def question(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One question: what is known, and what can be done."""
    return _question_page(request, _question(request, ref, "autogiro.view"))


def _question_page(
    request: HttpRequest, row: Question, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "question": row,
        "advice": giro_kinds.ADVICE.get(row.kind, ""),
        "differs": giro_kinds.differs(row.differs),
        "how": giro_kinds.HOW.get(row.how, row.how),
        "is_register": row.kind in giro_kinds.REGISTER_KINDS,
        "form": SolveForm(),
        "changes": log_words.changes_of("giro_question", row.ref),
    }
    entity = row.agreement.account.entity_id
    title = str(row.get_kind_display())
    return page(
        request, "giro_question", title, status=status, entity=entity, **{**context, **more}
    )


@require_http_methods(["POST"])
@only("autogiro.settle")
def solve(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Somebody did what was needed, and says what."""
    row, form = _question(request, ref, "autogiro.settle"), SolveForm(request.POST)
    if not form.is_valid():
        return _question_page(request, row, status=422, form=form)
    said = form.cleaned_data
    try:
        queue.solve(row.pk, how=said["how"], by=access.by(request), note=said["note"])
    except queue.QuestionError:
        messages.error(request, _("It was answered before. Nothing was changed."))
    else:
        messages.success(request, _("The question is answered."))
    return redirect("console:giro_question", ref=ref)


@require_http_methods(["POST"])
@only("mandates.adopt")
def adopt(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take over what Bankgirot's register says about one mandate."""
    row = _question(request, ref, "mandates.adopt")
    try:
        queue.adopt(row.pk, by=access.by(request))
    except (queue.QuestionError, IntegrityError):
        messages.error(request, str(NOT_ADOPTED))
    else:
        messages.success(request, _("Taken over. Ours is as Bankgirot's register says."))
    return redirect("console:giro_question", ref=ref)
