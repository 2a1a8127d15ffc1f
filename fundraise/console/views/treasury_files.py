"""The inbox: a bank's file is dropped, looked at, and booked or put away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.console import access, log_words, uploads
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.page import listing
from fundraise.console.tables.treasury import STATEMENT_FILES, files_in_scope
from fundraise.console.treasury import words
from fundraise.console.treasury.forms import DropFileForm
from fundraise.reconciliation import file_words, inbox, tasks
from fundraise.reconciliation.models import BankAccount, StatementFile
from fundraise.staff import rights

BOOKED_WHILE_WAITING = 500  # rows; a larger file is booked by a worker


def _accounts(request: HttpRequest, permission: str) -> Any:
    return access.scope(request, BankAccount.objects.order_by("name"), permission)


def _mine(request: HttpRequest) -> frozenset[int]:
    """The entities whose files they may take in: one of another's too is refused whole."""
    return rights.entities(request.user, "statements.import")


def _form(request: HttpRequest, *sent: Any) -> DropFileForm:
    return DropFileForm(*sent, accounts=_accounts(request, "statements.import"))


@require_GET
@only("statements.view")
def files(request: HttpRequest) -> HttpResponse:
    """What came from banks, the newest first."""
    return _files_page(request, _form(request))


def _files_page(request: HttpRequest, form: DropFileForm, status: int = 200) -> HttpResponse:
    return page(
        request,
        "treasury/files",
        _("Files from the bank"),
        status=status,
        form=form,
        has_accounts=_accounts(request, "statements.view").exists(),
        list=listing(request, STATEMENT_FILES),
    )


@action("statements.import", back="../")
def drop_file(request: HttpRequest) -> HttpResponse:
    """A file that somebody fetched from the bank: kept and read; nothing is booked."""
    form = _form(request, request.POST, request.FILES)
    if not form.is_valid():
        if int(request.META.get("CONTENT_LENGTH") or 0) > uploads.most_bytes():
            form.errors.clear()
            form.add_error("file", str(words.REFUSALS["too_large"]))
        return _files_page(request, form, 422)
    sent = form.cleaned_data["file"]
    try:
        file = inbox.take_in(
            sent.read(),
            by=access.by(request),
            name=sent.name or "",
            account=form.cleaned_data["account"],
            entities=_mine(request),
        )
    except inbox.InboxError as error:
        form.add_error("file", str(words.INBOX[error.code]))
        return _files_page(request, form, 422)
    return redirect("console:statement_file", ref=file.ref)


def found_file(request: HttpRequest, ref: UUID, permission: str) -> StatementFile:
    """A file that somebody may see. Raises Http404."""
    rows = files_in_scope(rights.of(request.user), permission)
    found: StatementFile = get_object_or_404(rows, ref=ref)
    return found


@require_GET
@only("statements.view")
def statement_file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One file: what it is, what it would do, and what became of it."""
    row = found_file(request, ref, "statements.view")
    return page(
        request,
        "treasury/file",
        str(words.KINDS.get(row.kind, _("File from the bank"))),
        entity=row.entity_id,
        file=row,
        seen=inbox.look(row),
        is_report=row.kind == "stripe_payouts" and row.state in {"read", "booked"},
        why=words.refusal(row.reason, row.facts) if row.reason else "",
        where=file_words.where(row.at),
        sha256=bytes(row.sha256).hex(),
        giro_ref=row.facts.get("giro_file", ""),
        accounts=_accounts(request, "statements.import"),
        changes=log_words.changes_of("statement_file", row.ref),
    )


@action("statements.import")
def book_file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Import: every line is booked, what is matched is placed, the rest lies in suspense."""
    row = found_file(request, ref, "statements.import")
    if row.state == StatementFile.State.READ and row.new_items > BOOKED_WHILE_WAITING:
        tasks.book_file.delay(row.pk, access.by(request))
        messages.success(request, _("It is being booked. Look again in a while."))
        return redirect("console:statement_file", ref=ref)
    try:
        done = inbox.book(row.pk, by=access.by(request))
    except inbox.InboxError as error:
        messages.error(request, str(words.INBOX[error.code]))
        return redirect("console:statement_file", ref=ref)
    left = done.suggested + done.unknown
    said = _("Booked: %(matched)s matched, %(left)s left to look at.")
    messages.success(request, said % {"matched": done.matched, "left": left})
    return redirect("console:match") if left else redirect("console:statement_file", ref=ref)


@action("statements.import")
def put_away(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Looked at and not wanted: its new lines go, the file stays as it came."""
    row = found_file(request, ref, "statements.import")
    try:
        inbox.drop(row.pk, by=access.by(request))
        messages.success(request, _("Put away. Nothing was booked; the file itself is kept."))
    except inbox.InboxError as error:
        messages.error(request, str(words.INBOX[error.code]))
    return redirect("console:statement_file", ref=ref)


@require_http_methods(["POST"])
@only("statements.import")
def read_file_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """An account was added, or the file was put away by mistake."""
    row = found_file(request, ref, "statements.import")
    try:
        again = inbox.read_again(row.pk, by=access.by(request))
        chosen = _accounts(request, "statements.import").filter(ref=_ref(request)).first()
        inbox.read_stored(again, account=chosen, entities=_mine(request))
    except inbox.InboxError as error:
        messages.error(request, str(words.INBOX[error.code]))
    return redirect("console:statement_file", ref=ref)


def _ref(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("account", ""))
    except ValueError:
        return None
