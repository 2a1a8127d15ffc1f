"""Mandates from the Internet bank: matched, said yes or no to, within eighteen bank days."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access, wishes
from fundraise.console import e_mandates as rules
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.pledges import with_reference
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.services import e_mandates as doors

MAY = "mandates.answer"
MOST = 100


@require_GET
@only("mandates.view")
def e_mandates(request: HttpRequest) -> HttpResponse:
    """Those that wait for our answer, and those that wait for a sum."""
    rows = access.scope(request, Mandate.objects.select_related("entity"), "mandates.view")
    waiting = rows.filter(state="received").order_by("created_at")[:MOST]
    without = rows.filter(pledge=None, state__in=["created", "sent", "active"])
    return page(
        request,
        "e_mandates",
        _("Mandates from the Internet bank"),
        waiting=[(one, rules.last_day(one), rules.possible(one)) for one in waiting],
        without=without.order_by("-pk")[:MOST],
    )


@action(MAY)
def answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Yes (for a monthly gift, or without one) or no, in the next file."""
    rows = Mandate.objects.select_related("entity")
    row = access.found(request, rows, MAY, ref=ref)
    by, named = access.by(request), request.POST.get("pledge", "").strip()
    try:
        if request.POST.get("do") == "no":
            done = doors.reject_e_mandate(row.pk, by=by, reason="staff")
            said = _("The mandate is refused in the next file.")
        else:
            pledge = _named(row, named)
            if named and pledge is None:
                messages.error(request, _("No monthly gift has that reference. Nothing was done."))
                return redirect("console:mandate", ref=ref)
            done = doors.accept_e_mandate(row.pk, pledge.pk if pledge else None, by=by)
            said = _("The mandate is said yes to in the next file.")
    except PledgeError as error:
        messages.error(request, wishes.refusal(error.code))
    else:
        if done:
            messages.success(request, said)
        else:
            messages.error(request, _("It was answered before. Nothing was changed."))
    return redirect("console:mandate", ref=ref)


def _named(mandate: Mandate, typed: str) -> Pledge | None:
    """A living monthly gift of the same entity, by its reference."""
    with suppress(ValueError):
        rows = Pledge.objects.filter(with_reference(typed), entity_id=mandate.entity_id)
        return rows.exclude(state="ended").first() if typed else None
    return None
