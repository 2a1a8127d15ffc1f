"""Gifts from before the start: lists brought in, looked at, booked, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from donors.importing import words as files_said
from donors.importing.table import FileRefused
from fundraise.audit import services as audit
from fundraise.console import access, uploads, words
from fundraise.console.books import earlier_forms
from fundraise.console.books.earlier_forms import EarlierColumnsForm, EarlierForm
from fundraise.console.books.forms import WhyForm
from fundraise.console.books.said import sentence
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.books.earlier import rows, services
from fundraise.reporting.books.earlier.services import EarlierError
from fundraise.reporting.books.models import EarlierList
from fundraise.staff import rights

VIEW, BEGIN = "periods.view", "books.begin"
FAULTS_SHOWN = 30


@require_http_methods(["GET", "POST"])
@only(VIEW, post=BEGIN)
def earlier_lists(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The lists that came, and the form for a new one."""
    entity = access.found(request, LegalEntity.objects.all(), _wanted(request), "pk", ref=ref)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EarlierForm(entity, *posted)
    row = _brought_in(request, entity, form) if form.is_bound else None
    if row is not None:
        return redirect("console:earlier_list", ref=row.ref)
    return page(
        request,
        "books/earlier_lists",
        _("Gifts from before the start"),
        status=422 if form.is_bound else 200,
        entity=entity.pk,
        whose=entity,
        form=form,
        lists=EarlierList.objects.filter(entity=entity).defer("body").order_by("-pk"),
    )


def _wanted(request: HttpRequest) -> str:
    return BEGIN if request.method == "POST" else VIEW


def _brought_in(request: HttpRequest, entity: LegalEntity, form: EarlierForm) -> EarlierList | None:
    if not form.is_valid():
        if uploads.was_too_heavy(request):
            form.errors.clear()
            form.add_error("file", str(files_said.FILE["too_large"]))
        return None
    said = form.cleaned_data
    chosen = {"campaign": said["campaign"], "channel": said["channel"]}
    try:
        body = said["file"].read()
        return services.bring_in(entity, body, **chosen, by=access.by(request))
    except FileRefused as error:
        form.add_error("file", files_said.refusal(error))
    return None


def _found(request: HttpRequest, ref: UUID) -> EarlierList:
    found = EarlierList.objects.select_related("entity", "campaign")
    return access.found(request, found, _wanted(request), ref=ref)


@require_http_methods(["GET", "POST"])
@only(VIEW, post=BEGIN)
def earlier_list(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One list: what its columns hold (posted), what would be booked, or what became of it.

    Cells of the file, which name givers, are for whoever may book it.
    """
    row = _found(request, ref)
    more: dict[str, Any] = {}
    status = 200
    if row.state == EarlierList.State.READ and rights.may(request.user, BEGIN, row.entity_id):
        table = services.table_of(row)
        sent = request.POST if request.method == "POST" else None
        form = EarlierColumnsForm(table, row.columns, sent)
        if form.is_valid():
            return _after(request, row, services.choose_columns, form.meant())
        status = 422 if form.is_bound else 200
        more = _looked_at(request, row, form)
    return page(
        request,
        "books/earlier_list",
        _("Gifts from before the start"),
        status=status,
        entity=row.entity_id,
        row=row,
        why_form=WhyForm(),
        **_work(row),
        **more,
    )


def _work(row: EarlierList) -> dict[str, Any]:
    """How far the booking or the taking back is, and whether it was left half done."""
    latest = services.latest_work(row)
    is_going = latest is not None and not latest.is_ended
    return {
        "work": latest if latest and (is_going or latest.code) else None,
        "why": words.work_code(latest.code) if latest else "",
        "is_stuck": row.state in {"booking", "undoing"} and not is_going,
        "refresh_seconds": 3 if is_going else 0,
    }


def _looked_at(request: HttpRequest, row: EarlierList, form: EarlierColumnsForm) -> dict[str, Any]:
    """The columns, and what would be booked once they are right. Cells are shown: a read."""
    if request.method == "GET":  # a refusal shows the same cells again
        audit.log_read(
            by=access.by(request),
            subject_type="legal_entity",
            subject_ref=row.entity.ref,
            purpose="earlier.sample",
        )
    if rows.wrong(row.columns):
        return {"form": form}
    look = services.look(row)
    faults = [earlier_forms.said(one) for one in look.faults[:FAULTS_SHOWN]]
    return {"form": form, "look": look, "faults": faults, "more": len(look.faults) - len(faults)}


def _after(
    request: HttpRequest, row: EarlierList, do: Callable[..., None], *args: Any, said: str = "",
    **options: Any,
) -> HttpResponse:  # fmt: skip
    """Do it and show the list again, with the refusal in words."""
    try:
        do(row, *args, **options)
        if said:
            messages.success(request, said)
    except EarlierError as error:
        messages.error(request, sentence(error))
    return redirect("console:earlier_list", ref=row.ref)


@action(BEGIN)
def book_earlier(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Book what was shown."""
    by = access.by(request)
    said = _("The gifts are being booked.")
    return _after(request, _found(request, ref), services.book, by=by, said=said)


@action(BEGIN)
def throw_earlier(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Throw the list away."""
    said = _("The list is thrown away. Nothing was booked.")
    return _after(request, _found(request, ref), services.throw_away, said=said)


@action(BEGIN)
def undo_earlier(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take every gift of the list back, each by a linked reversal."""
    by, why = access.by(request), request.POST.get("reason", "")
    said = _("The gifts are being taken back.")
    return _after(request, _found(request, ref), services.undo, by=by, why=why, said=said)


@action(BEGIN)
def go_on_earlier(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Have what was left half done finished."""
    by, said = access.by(request), _("A worker goes on with it.")
    return _after(request, _found(request, ref), services.go_on, by=by, said=said)
