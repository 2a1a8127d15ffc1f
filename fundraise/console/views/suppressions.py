"""Addresses that are not mailed: how many and why, one looked for by its whole address, lifted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.audit import services as audit
from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.log_words import changes_of
from fundraise.console.mail_forms import AddressForm, LiftForm, SuppressForm
from fundraise.console.shell import page
from fundraise.console.tables.page import list_page
from fundraise.console.tables.replies import SUPPRESSIONS
from fundraise.console.words import Text
from mailings.suppressions import queries, services
from mailings.suppressions.errors import SuppressionError
from mailings.suppressions.models import Difference, Suppression

SHOWN = 50  # differences with SendGrid, on the page
REFUSALS: dict[str, Text] = {
    "unknown": gettext_lazy("There is no such row."),
    "lifted_already": gettext_lazy("It was lifted already. Nothing was changed."),
    "needs_reason": gettext_lazy("Write why."),
    "needs_wish": gettext_lazy(
        "A complaint is lifted only by the person's own written wish: say where it is kept."
    ),
}


@require_GET
@only("mail.suppressions")
def suppressions(request: HttpRequest) -> HttpResponse:
    """How many for each reason, and the rows."""
    found = queries.counts()
    numbers = [(Suppression.Reason(code).label, code, number) for code, number in found.items()]
    differ = Difference.objects.select_related("suppression").order_by("kind", "pk")
    return list_page(
        request, SUPPRESSIONS, numbers=numbers, differ=differ[:SHOWN], differing=differ.count()
    )


@require_http_methods(["GET", "POST"])
@only("mail.suppressions")
def find_address(request: HttpRequest) -> HttpResponse:
    """One address; it is posted, so that no log or history keeps it."""
    form = AddressForm(request.POST or None)
    rows: list[Suppression] | None = None
    if request.method == "POST" and form.is_valid():
        rows = list(queries.of_address(form.cleaned_data["email"]))
        audit.log_read(
            by=access.by(request),
            subject_type="suppression",
            purpose="staff.address",
            count=len(rows),
        )
    return _address_page(request, form, rows, status=422 if form.errors else 200)


def _address_page(
    request: HttpRequest, form: AddressForm, rows: list[Suppression] | None, **more: Any
) -> HttpResponse:
    return page(
        request,
        "suppression_find",
        _("Is an address mailed?"),
        **{
            "form": form,
            "rows": rows,
            "stands": rows is not None and any(row.lifted_at is None for row in rows),
            "suppress_form": SuppressForm(initial={"email": form.data.get("email", "")}),
            **more,
        },
    )


@action("mail.lift", back="../find/")
def suppress_address(request: HttpRequest) -> HttpResponse:
    """Keep one address from being mailed."""
    form = SuppressForm(request.POST)
    if not form.is_valid():
        return _address_page(request, AddressForm(), None, suppress_form=form, status=422)
    made = services.suppress(
        email_key=queries.keys_of(form.cleaned_data["email"])[0],
        reason=Suppression.Reason.STAFF,
        scope=form.cleaned_data["scope"],
        source="staff",
        by=access.by(request),
    )
    if made:
        messages.success(request, _("The address is not mailed any more."))
    else:
        messages.info(request, _("It stood there already. Nothing was changed."))
    return redirect("console:suppressions")


@require_GET
@only("mail.suppressions")
def suppression(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One row: why, since when, and the way to lift it."""
    return _row_page(request, _found(ref), LiftForm())


def _found(ref: UUID) -> Suppression:
    return get_object_or_404(Suppression.objects.select_related("campaign"), ref=ref)


def _row_page(
    request: HttpRequest, row: Suppression, form: LiftForm, status: int = 200
) -> HttpResponse:
    return page(
        request,
        "suppression",
        _("Address that is not mailed"),
        status=status,
        row=row,
        form=form,
        changes=changes_of("suppression", row.ref),
    )


@action("mail.lift")
def lift(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Let the address in again, as far as this row goes."""
    row, form = _found(ref), LiftForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            services.lift(ref=ref, why=said["why"], wish=said["wish"], by=access.by(request))
            messages.success(request, _("It is lifted."))
            return redirect("console:suppression", ref=ref)
        except SuppressionError as error:
            field = "wish" if error.code == "needs_wish" else None
            form.add_error(field, str(REFUSALS[error.code]))
    return _row_page(request, row, form, status=422)
