"""Opening balances: entered once, shown, taken back with a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fundraise.console import access
from fundraise.console.books.forms import OpeningForm, WhyForm
from fundraise.console.books.said import sentence
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.books import beginning
from fundraise.reporting.books.beginning import OpeningError

VIEW, BEGIN = "periods.view", "books.begin"


@require_http_methods(["GET", "POST"])
@only(VIEW, post=BEGIN)
def opening(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The form, or what was entered."""
    wanted = BEGIN if request.method == "POST" else VIEW
    entity = access.found(request, LegalEntity.objects.all(), wanted, "pk", ref=ref)
    form = OpeningForm(request.POST or None, accounts=beginning.accounts_of(entity))
    if request.method == "POST" and form.is_valid():
        try:
            day, by = form.cleaned_data["day"], access.by(request)
            beginning.enter_opening(entity, day, form.held, by=by)
        except OpeningError as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, _("The opening balances are booked."))
            return redirect("console:opening", ref=ref)
    stands = beginning.opening_of(entity)
    return page(
        request,
        "books/opening",
        _("Opening balances"),
        status=422 if form.is_bound else 200,
        entity=entity.pk,
        whose=entity,
        form=form,
        why=WhyForm(),
        journal=stands,
        entries=stands.entries.select_related("debit_account", "credit_account").order_by("line")
        if stands
        else [],
    )


@action(BEGIN)
def undo_opening(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take them back, so that they can be entered anew."""
    entity = access.found(request, LegalEntity.objects.all(), BEGIN, "pk", ref=ref)
    try:
        why = request.POST.get("reason", "")
        beginning.undo_opening(entity, by=access.by(request), why=why)
        messages.success(request, _("The opening balances are taken back. Enter them anew."))
    except OpeningError as error:
        messages.error(request, sentence(error))
    return redirect("console:opening", ref=ref)
