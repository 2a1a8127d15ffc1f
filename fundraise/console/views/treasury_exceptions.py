"""The queue of exceptions: what nobody's rule could settle, with an owner, an age and a due day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.console import access, log_words
from fundraise.console.guard import action, may_open, only
from fundraise.console.shell import page
from fundraise.console.tables.page import list_page
from fundraise.console.tables.treasury import EXCEPTIONS
from fundraise.console.treasury import words
from fundraise.console.treasury.forms import NoteForm, SettleForm
from fundraise.console.words import Text
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.models import Match, QueueItem

PAGES = {"item": "bank_item", "payout": "payout", "gift": "gift", "refund": "refund",
         "statement_file": "statement_file", "giro_file": "giro_in"}  # fmt: skip
HELD = {"hold", "foreign", "identity"}
REFUSED = {
    "settled": gettext_lazy("It was settled before. Nothing was changed."),
    "how": gettext_lazy("Say what was done."),
    "personal": words.DECIDE["personal"],
}


@require_GET
@only("exceptions.view")
def exceptions_list(request: HttpRequest) -> HttpResponse:
    """What waits, and what was settled."""
    return list_page(request, EXCEPTIONS)


def _found(request: HttpRequest, ref: UUID, permission: str) -> QueueItem:
    rows = QueueItem.objects.select_related("entity", "owner")
    return access.found(request, rows, permission, ref=ref)


@require_GET
@only("exceptions.view")
def exception(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One exception: why, since when, what to do, and where it is about."""
    return _page(request, _found(request, ref, "exceptions.view"))


def _page(request: HttpRequest, row: QueueItem, status: int = 200, **more: Any) -> HttpResponse:
    opens = about(row)
    context = {
        "row": row,
        "advice": _advice(row),
        "names": [row.facts[name] for name in ("line", "charge") if row.facts.get(name)],
        "how": words.HOW.get(row.how, row.how),
        "about": opens if opens and may_open(request, opens) else "",
        "is_late": row.state == "open" and row.due_on < clock.today(),
        "is_mine": row.owner_id == request.user.pk,
        "settle_form": SettleForm(),
        "note_form": NoteForm(initial={"note": row.note}),
        "changes": log_words.changes_of("exception", row.ref),
    }
    return page(
        request, "treasury/exception", str(row.get_code_display()),
        status=status, entity=row.entity_id, **{**context, **more},
    )  # fmt: skip


def _advice(row: QueueItem) -> Text:
    of_stripe = row.code == "returned" and row.subject.startswith("stripe:")
    return words.AT_STRIPE if of_stripe else words.ADVICE.get(row.code, "")


def about(row: QueueItem) -> str:
    """The page of what it is about; empty when it has none."""
    kind, _colon, ref = row.subject.partition(":")
    if kind == "proof":
        return reverse("console:day_proof")
    if kind in HELD:
        return reverse("console:party_held")
    if kind == "dispute":
        return reverse("console:gift", args=[row.facts["gift"]])
    if kind == "match":
        match = Match.objects.select_related("item").filter(ref=ref).first()
        return reverse("console:bank_item", args=[match.item.ref]) if match else ""
    return reverse(f"console:{PAGES[kind]}", args=[ref]) if kind in PAGES else ""


@action("exceptions.settle")
def settle(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Somebody did what was needed, and says what."""
    row, form = _found(request, ref, "exceptions.settle"), SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, settle_form=form)
    typed = form.cleaned_data
    try:
        exceptions.settle(row.pk, how=typed["how"], by=access.by(request), note=typed["note"])
        messages.success(request, _("Settled."))
    except exceptions.QueueError as error:
        messages.error(request, str(REFUSED[error.code]))
    return redirect("console:exception", ref=ref)


@action("exceptions.settle")
def own(request: HttpRequest, ref: UUID) -> HttpResponse:
    """I take it on, or leave it to whoever comes."""
    row = _found(request, ref, "exceptions.settle")
    user = request.user if isinstance(request.user, User) else None
    owner = None if row.owner_id == request.user.pk else user
    try:
        exceptions.assign(row.pk, owner, by=access.by(request))
        messages.success(request, _("You have it now.") if owner else _("Nobody has it now."))
    except exceptions.QueueError as error:
        messages.error(request, str(REFUSED[error.code]))
    return redirect("console:exception", ref=ref)


@action("exceptions.settle")
def remark(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A remark that names no person."""
    row, form = _found(request, ref, "exceptions.settle"), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, note_form=form)
    try:
        exceptions.note(row.pk, form.cleaned_data["note"], by=access.by(request))
        messages.success(request, _("The remark is written."))
    except exceptions.QueueError as error:
        messages.error(request, str(REFUSED[error.code]))
    return redirect("console:exception", ref=ref)
