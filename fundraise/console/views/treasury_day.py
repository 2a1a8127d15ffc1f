"""Dagens avstämning: every identity of the books, green, amber or red, and the button to try it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.treasury import day
from fundraise.reconciliation.models import QueueItem
from fundraise.reconciliation.proof import queries, running
from fundraise.staff import rights


@require_GET
@only("proof.view")
def proof(request: HttpRequest) -> HttpResponse:
    """The newest run; nothing is tried by opening the page."""
    entities = rights.of(request.user).entities("proof.view")
    newest = queries.newest(entities)
    waiting = QueueItem.objects.filter(state=QueueItem.State.OPEN, entity__in=entities)
    return page(
        request,
        "treasury/day",
        _("Today's proof"),
        day=newest,
        letters=day.letters(newest) if newest else [],
        open_exceptions=waiting.count(),
        statuses=_counted(newest),
    )


def _counted(newest: queries.Day | None) -> dict[str, int]:
    kinds = ("differs", "waiting", "ok")
    return {kind: len(newest.with_status(kind)) if newest else 0 for kind in kinds}


@action("proof.run")
def run(request: HttpRequest) -> HttpResponse:
    """Try every identity now."""
    made = running.run(by=access.by(request))
    entities = rights.of(request.user).entities("proof.run")
    if queries.day_of(made, entities).is_green:
        messages.success(request, _("The proof was done: nothing differs."))
    else:
        messages.warning(request, _("The proof was done. What differs is in the exceptions."))
    return redirect("console:day_proof")
