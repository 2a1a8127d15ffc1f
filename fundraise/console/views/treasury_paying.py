"""Money that leaves by our own hand: refunds without a provider, debts to other legal entities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fundraise.console import access, log_words
from fundraise.console.fields import PERSONAL
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.reconciliation.models import BankAccount, PaymentList, Proposal
from fundraise.reconciliation.paying import debts, refusing, services
from fundraise.reconciliation.paying.services import PayingError
from fundraise.staff import rights

VIEW, MAKE = "payments.view", "payments.make"
REFUSED = {
    "nothing": gettext_lazy("Nothing was chosen, or it is on a list already."),
    "on_a_list": gettext_lazy("Some of it is on another list already. Nothing was made."),
    "no_iban": gettext_lazy("The account has no IBAN, which the bank's file needs. Add it first."),
    "no_account": gettext_lazy("The other legal entity has no bank account here. Open it first."),
    "ended": gettext_lazy("The list was sent or cancelled before. Nothing was changed."),
    "not_at_bank": gettext_lazy("The list is not at the bank. Nothing was changed."),
    "paid": gettext_lazy(
        "A line of the bank shows some of it, so it was paid. Nothing was changed: choose the rest."
    ),
    "why": gettext_lazy("Write what the bank said. Nothing was changed."),
    "personal": PERSONAL,
    "asked_already": gettext_lazy("A second person is asked already. Nothing was changed."),
}


@require_GET
@only(VIEW)
def paying(request: HttpRequest) -> HttpResponse:
    """What waits to be paid, what entities owe each other, and the lists that were made."""
    entities = rights.entities(request.user, VIEW)
    accounts = access.scope(request, BankAccount.objects.filter(closed_on=None), VIEW)
    lists = PaymentList.objects.select_related("account__entity").defer("sealed")
    owed, first = debts.debts(entities), _first_of(accounts)
    debtors = {debt.debtor.pk for debt in owed if debt.left_ore > 0}
    return page(
        request,
        "treasury/paying",
        _("To pay"),
        books=[(one, list(services.waiting([one.entity_id])[:200])) for one in first],
        debts=owed,
        owing=[one for one in first if one.entity_id in debtors],
        lists=access.scope(request, lists, VIEW, "account__entity").order_by("-pk")[:50],
    )


def _first_of(accounts: Any) -> list[BankAccount]:
    """One account for each entity: its first that has an IBAN, else its first."""
    found: dict[int, BankAccount] = {}
    for one in accounts.select_related("entity").prefetch_related("numbers").order_by("pk"):
        kept = found.get(one.entity_id)
        if kept is None or (not _has_iban(kept) and _has_iban(one)):
            found[one.entity_id] = one
    return list(found.values())


def _has_iban(account: BankAccount) -> bool:
    return any(number.kind == "iban" for number in account.numbers.all())


def _account(request: HttpRequest, ref: UUID) -> BankAccount:
    return access.found(request, BankAccount.objects.select_related("entity"), MAKE, ref=ref)


@action(MAKE, back="../../")
def make_refunds(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A list of the refunds that were ticked."""
    account = _account(request, ref)
    refs = [one for one in request.POST.getlist("refund") if _is_ref(one)]
    return _made(request, lambda: services.make_refunds(account, refs, by=access.by(request)))


@action(MAKE, back="../../")
def make_settlement(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A list of everything that the entity owes others."""
    account = _account(request, ref)
    return _made(request, lambda: services.make_settlement(account, by=access.by(request)))


def _made(request: HttpRequest, make: Any) -> HttpResponse:
    try:
        made = make()
    except PayingError as error:
        messages.error(request, str(REFUSED[error.code]))
        return redirect("console:paying")
    messages.success(request, _("The list is made. Fetch it, and leave it to the bank."))
    return redirect("console:payment_list", ref=made.ref)


def _is_ref(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _found(request: HttpRequest, ref: UUID, permission: str) -> PaymentList:
    rows = PaymentList.objects.select_related("account__entity")
    return access.found(request, rows, permission, "account__entity", ref=ref)


@require_GET
@only(VIEW)
def payment_list(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One list: its rows without payees, and what became of it."""
    row = _found(request, ref, VIEW)
    rows = row.rows.select_related("refund", "to_entity").order_by("pk")
    waits = {one.pk for one in refusing.may_be_refused(row)}
    asked = Proposal.objects.filter(subject=f"payment_list:{row.ref}", state="asked").first()
    entity = row.account.entity_id
    return page(
        request,
        "treasury/payment_list",
        _("List to pay"),
        entity=entity,
        row=row,
        rows=rows,
        by_hand=[one for one in rows if not one.in_file],
        sha256=bytes(row.sha256).hex(),
        waits=waits,
        asked=asked,
        may_refuse=bool(waits and not asked and rights.may(request.user, MAKE, entity)),
        changes=log_words.changes_of("payment_list", row.ref),
    )


@action(MAKE)
def payments_refused(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The bank refused the ticked rows: they may go on another list."""
    row, why = _found(request, ref, MAKE), request.POST.get("why", "")
    names = request.POST.getlist("row")
    try:
        asked = refusing.refuse(row.pk, names, by=access.by(request), why=why)
    except PayingError as error:
        messages.error(request, str(REFUSED[error.code]))
    else:
        messages.success(
            request,
            _("A second person is asked. Nothing is freed before they agree.")
            if asked
            else _("Noted. What the bank refused may go on another list."),
        )
    return redirect("console:payment_list", ref=ref)


@action(MAKE)
def fetch_payments(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The bank's file, the same bytes each time; posted, since the log says who fetched it."""
    row = _found(request, ref, MAKE)
    content = services.content_of(row, by=access.by(request))
    answer = HttpResponse(content, content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="pain001-{row.ref.hex[:8]}.xml"'
    answer["Cache-Control"] = "no-store"
    return answer


def _end(door: Any, said: Any) -> Any:
    @action(MAKE)
    def ended(request: HttpRequest, ref: UUID) -> HttpResponse:
        row = _found(request, ref, MAKE)
        try:
            door(row.pk, by=access.by(request))
            messages.success(request, str(said))
        except PayingError as error:
            messages.error(request, str(REFUSED[error.code]))
        return redirect("console:payment_list", ref=ref)

    return ended


payments_sent = _end(
    services.mark_sent, gettext_lazy("Noted. Each row is booked when the bank's line shows it.")
)
cancel_payments = _end(
    services.cancel, gettext_lazy("Cancelled. What was on it may go on another list.")
)
