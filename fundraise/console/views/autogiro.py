"""Autogiro: the calendar of file days, files to Bankgirot, and what people do with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.console import access, giro_acts, giro_days, giro_kinds, log_words
from fundraise.console.giro_forms import DropForm
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.autogiro import ENTITY, OUT_FILES
from fundraise.console.tables.page import list_page
from fundraise.providers.giro import delivering
from fundraise.providers.giro.models import Agreement, OutFile
from fundraise.providers.models import Account


@require_GET
@only("autogiro.view")
def autogiro(request: HttpRequest) -> HttpResponse:
    """Bank day by bank day: cut-offs, files made, delivered and answered."""
    return calendar_page(request)


def calendar_page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    """The calendar; `more` replaces a form that was wrong, or adds an address told once."""
    rows = Agreement.objects.select_related("account__entity").order_by("pk")
    mine = access.scope(request, rows, "autogiro.view", "account__entity")
    accounts = Account.objects.filter(provider="autogiro", agreement=None).order_by("pk")
    context = {
        "books": [giro_days.book(one) for one in mine],
        "unbegun": access.scope(request, accounts, "autogiro.change"),
        "drop_form": DropForm(),
    }
    return page(request, "autogiro", _("Autogiro"), status=status, **{**context, **more})


@require_GET
@only("autogiro.view")
def files_out(request: HttpRequest) -> HttpResponse:
    """Files to Bankgirot."""
    return list_page(request, OUT_FILES)


def found_out(request: HttpRequest, ref: UUID, permission: str) -> OutFile:
    """A file of an entity for which it may be done."""
    rows = OutFile.objects.select_related("agreement__account__entity").defer("sealed")
    return access.found(request, rows, permission, ENTITY, ref=ref)


@require_GET
@only("autogiro.view")
def file_out(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One file to Bankgirot: totals, where it is, what was answered."""
    row = found_out(request, ref, "autogiro.view")
    answered = Count("pk", filter=Q(answered_at__isnull=False))
    kinds = row.orders.order_by().values("kind").annotate(number=Count("pk"), answered=answered)
    return page(
        request,
        "giro_out",
        row.name,
        entity=row.agreement.account.entity_id,
        file=row,
        sha256=bytes(row.sha256).hex(),
        note=giro_kinds.NOTES.get(row.note, row.note),
        now=clock.now().astimezone(clock.STOCKHOLM),
        kinds=[(giro_kinds.ORDERS[one["kind"]], one) for one in kinds.order_by("kind")],
        changes=log_words.changes_of("giro_file", row.ref),
    )


@action("autogiro.deliver")
def fetch_out(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The file byte for byte, the same each time; posted, for who fetches it has it since."""
    row = found_out(request, ref, "autogiro.deliver")
    try:
        name, content = delivering.content_of(row.pk, by=access.by(request))
    except delivering.FileError as error:
        messages.error(request, giro_acts.refusal(error.code))
        return redirect("console:giro_out", ref=ref)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _act(permission: str, do: Callable[..., str], *said: str) -> Callable[..., HttpResponse]:
    @action(permission)
    def acted(request: HttpRequest, ref: UUID) -> HttpResponse:
        row = found_out(request, ref, permission)
        asked = [request.POST.get(name, "") for name in said]
        try:
            messages.success(request, do(row, access.by(request), *asked))
        except delivering.FileError as error:
            messages.error(request, giro_acts.refusal(error.code))
        return redirect("console:giro_out", ref=ref)

    return acted


approve = _act("autogiro.approve", giro_acts.approve)
delivered = _act("autogiro.deliver", giro_acts.delivered, "left_at")
arrived = _act("autogiro.settle", giro_acts.arrived)
lost = _act("autogiro.settle", giro_acts.lost)
withdraw = _act("autogiro.settle", giro_acts.withdraw)
