"""The addresses that appeals may come from: named, shown to be ours by a mailed code, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.mail_forms import CodeForm, SenderForm
from fundraise.console.shell import page
from fundraise.console.words import Text
from fundraise.staff import rights
from mailings import verifying as services
from mailings.verified import domain_checks
from mailings.verified.models import VerifiedSender
from mailings.verifying import SenderError

MAY = "mail.senders"
REFUSALS: dict[str, Text] = {
    "address": gettext_lazy("Write the e-mail address in full, such as anna@example.se."),
    "name": gettext_lazy("Write the name that stands before the address, without < and >."),
    "known": gettext_lazy("The address stands here already."),
    "unknown": gettext_lazy("The address waits for no code."),
    "soon": gettext_lazy("A code was sent a moment ago. Wait two minutes."),
    "many": gettext_lazy("Ten codes were sent. End the address and add it anew."),
    "over": gettext_lazy("That code is good no more: send a new one."),
    "wrong": gettext_lazy("That is not the code. After five tries a new one is needed."),
}


@require_http_methods(["GET", "POST"])
@only(MAY)
def senders(request: HttpRequest) -> HttpResponse:
    """The addresses and what their domains say; POST names another one."""
    form = SenderForm(request.POST or None, entities=rights.entities(request.user, MAY))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.add(
                entity=said["entity"],
                address=said["address"],
                name=said["name"],
                link=_link(),
                by=access.by(request),
            )
            messages.success(request, _("A code is on its way to the address. Type it here."))
            return redirect("console:senders")
        except SenderError as error:
            field = error.code if error.code in form.fields else None
            form.add_error(field, str(REFUSALS[error.code]))
    return _shown(request, form, status=422 if form.errors else 200)


def _shown(request: HttpRequest, form: SenderForm, **more: Any) -> HttpResponse:
    rows = access.scope(request, VerifiedSender.objects.select_related("entity"), MAY)
    shown = list(rows.order_by("ended_at", "entity", "address"))
    domains = {row.domain: domain_checks.check(row.domain) for row in shown if not row.ended_at}
    return page(
        request,
        "senders",
        _("Addresses of appeals"),
        form=form,
        code_form=CodeForm(),
        rows=[(row, domains.get(row.domain)) for row in shown],
        **more,
    )


def _link() -> str:
    return f"{settings.BASE_URL}{reverse('console:senders')}"


def _row(request: HttpRequest, ref: UUID) -> VerifiedSender:
    return access.found(request, VerifiedSender.objects.all(), MAY, ref=ref)


@action(MAY, back="../../")
def verify_sender(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The code that came."""
    row, form = _row(request, ref), CodeForm(request.POST)
    typed = form.cleaned_data["code"] if form.is_valid() else ""
    try:
        services.verify(row.ref, typed=typed, by=access.by(request))
        messages.success(request, _("The address is verified: appeals may come from it."))
    except SenderError as error:
        messages.error(request, str(REFUSALS[error.code]))
    return redirect("console:senders")


@action(MAY, back="../../")
def new_code(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Another code, when the first one did not come."""
    row = _row(request, ref)
    try:
        services.send_code(row.ref, link=_link(), by=access.by(request))
        messages.success(request, _("A code is on its way to the address. Type it here."))
    except SenderError as error:
        messages.error(request, str(REFUSALS[error.code]))
    return redirect("console:senders")


@action(MAY, back="../../")
def end_sender(request: HttpRequest, ref: UUID) -> HttpResponse:
    """No new appeal comes from it."""
    if services.end(_row(request, ref).ref, by=access.by(request)):
        messages.success(request, _("No new appeal comes from it. What is scheduled stands."))
    return redirect("console:senders")
