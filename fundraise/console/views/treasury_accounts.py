"""Bank accounts: opened with their numbers, other numbers with a second person, expected files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.campaigns.models import Campaign
from fundraise.console import access, log_words
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.treasury.forms import (
    AccountForm,
    ChangeForm,
    ExpectForm,
    NumbersForm,
    written_numbers,
)
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation import accounts
from fundraise.reconciliation.accounts import AccountError
from fundraise.reconciliation.models import BankAccount, ExpectedFile, Proposal
from fundraise.reconciliation.numbers import NumberError
from fundraise.reconciliation.proof.banks import horizon
from fundraise.reconciliation.proposals import ProposalError

CHANGE = "bank_accounts.change"
REFUSED = {
    "no_number": gettext_lazy("Write at least one number."),
    "number_taken": gettext_lazy("Another account has that number."),
    "ledger_taken": gettext_lazy("Another bank account is that account in the books."),
    "ledger_kind": gettext_lazy("That account of the books is for something else."),
    "campaign": gettext_lazy("The campaign belongs to another legal entity."),
    "same": gettext_lazy("Those are the numbers that it has."),
    "day": gettext_lazy("It can't be closed before it was opened."),
}
BAD_NUMBER = gettext_lazy("A number is not right: look at each digit.")
ASKED = gettext_lazy("A second person is asked already. Their answer comes first.")


@require_GET
@only("statements.view")
def bank_accounts(request: HttpRequest) -> HttpResponse:
    """Every account, how far its statements reach, and its balance in the books."""
    rows = BankAccount.objects.select_related("entity", "ledger_account").order_by("entity", "pk")
    mine = access.scope(request, rows, "statements.view").prefetch_related("numbers")
    return page(
        request,
        "treasury/accounts",
        _("Bank accounts"),
        rows=[(one, accounts.balance_ore(one), horizon(one.pk)) for one in mine],
    )


@require_http_methods(["GET", "POST"])
@only(CHANGE)
def new_bank_account(request: HttpRequest) -> HttpResponse:
    """Open an account in the books, with the numbers that files call it by."""
    entities = access.scope(request, LegalEntity.objects.order_by("name"), CHANGE, "pk")
    campaigns = access.scope(request, Campaign.objects.order_by("title_sv"), CHANGE)
    form = AccountForm(request.POST or None, entities=entities, campaigns=campaigns)
    if request.method == "POST" and form.is_valid():
        try:
            made = accounts.open_account(_new(form.cleaned_data), by=access.by(request))
            messages.success(request, _("The account is open. Drop its first statement."))
            return redirect("console:bank_account", ref=made.ref)
        except (AccountError, NumberError) as error:
            form.add_error(None, str(REFUSED.get(getattr(error, "code", ""), BAD_NUMBER)))
    status = 422 if form.is_bound else 200
    return page(request, "treasury/account_new", _("New bank account"), status=status, form=form)


def _new(typed: dict[str, Any]) -> accounts.NewAccount:
    return accounts.NewAccount(
        entity=typed["entity"],
        name=typed["name"],
        numbers=typed["numbers"],
        opened_on=typed["opened_on"],
        opening_ore=typed["opening"],
        ledger_number=typed["ledger_number"] or 0,
        bank=typed["bank"],
        is_shared=typed["is_shared"],
        details_follow=typed["details_follow"],
        campaign=typed["campaign"],
        days=typed["days"],
    )


def _found(request: HttpRequest, ref: UUID, permission: str) -> BankAccount:
    rows = BankAccount.objects.select_related("entity", "ledger_account", "campaign")
    return access.found(request, rows, permission, ref=ref)


@require_GET
@only("statements.view")
def bank_account(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One account: numbers, statements, what is expected."""
    return _page(request, _found(request, ref, "statements.view"))


def _page(request: HttpRequest, row: BankAccount, status: int = 200, **more: Any) -> HttpResponse:
    plan = ExpectedFile.objects.filter(source=accounts.source_of(row)).first()
    subject = f"bank_account:{row.ref}"
    asked = Proposal.objects.filter(subject=subject).order_by("-pk").first()
    numbers = list(row.numbers.order_by("kind", "number"))
    context = {
        "row": row,
        "numbers": numbers,
        "balance_ore": accounts.balance_ore(row),
        "plan": plan,
        "asked": asked,
        "statements": row.statements.select_related("file", "before")
        .defer("file__sealed")
        .order_by("-to_day", "-pk")[:30],
        "numbers_form": NumbersForm(initial={"numbers": written_numbers(numbers)}),
        "expect_form": ExpectForm(
            initial={"days": plan.days, "late_after_days": plan.late_after_days} if plan else None
        ),
        "change_form": ChangeForm(account=row),
        "changes": log_words.changes_of("bank_account", row.ref),
    }
    return page(
        request, "treasury/account", row.name,
        status=status, entity=row.entity_id, **{**context, **more},
    )  # fmt: skip


@action(CHANGE)
def change_account(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Another name, another campaign for gifts that name none, or closed at the bank."""
    row = _found(request, ref, CHANGE)
    form = ChangeForm(request.POST, account=row)
    if not form.is_valid():
        return _page(request, row, 422, change_form=form)
    try:
        accounts.change(row, by=access.by(request), **form.cleaned_data)
    except AccountError as error:
        form.add_error(None, str(REFUSED[error.code]))
        return _page(request, row, 422, change_form=form)
    messages.success(request, _("Noted."))
    return redirect("console:bank_account", ref=ref)


@action(CHANGE)
def ask_numbers(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Other numbers: they hold when a second person has agreed."""
    row, form = _found(request, ref, CHANGE), NumbersForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, numbers_form=form)
    typed = form.cleaned_data
    try:
        accounts.ask_numbers(row, typed["numbers"], by=access.by(request), why=typed["why"])
        messages.success(request, _("A second person is asked. Until then the numbers stand."))
        return redirect("console:bank_account", ref=ref)
    except ProposalError:
        form.add_error(None, str(ASKED))
    except (AccountError, NumberError) as error:
        form.add_error("numbers", str(REFUSED.get(getattr(error, "code", ""), BAD_NUMBER)))
    return _page(request, row, 422, numbers_form=form)


@action(CHANGE)
def expect_file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """When its file is expected, and after how many bank days it is late."""
    row, form = _found(request, ref, CHANGE), ExpectForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, expect_form=form)
    accounts.expect(row, by=access.by(request), **form.cleaned_data)
    messages.success(request, _("Noted."))
    return redirect("console:bank_account", ref=ref)
