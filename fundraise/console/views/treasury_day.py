"""Dagens avstämning: every identity of the books, green, amber or red, and the button to try it.

A worker tries it: old books take minutes. The page looks again until it is done.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access, words
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.treasury import day
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.reconciliation.proof import asking, queries
from fundraise.staff import rights


@require_GET
@only("proof.view")
def proof(request: HttpRequest) -> HttpResponse:
    """The newest run; nothing is tried by opening the page."""
    entities = rights.of(request.user).entities("proof.view")
    newest = queries.newest(entities)
    return page(
        request,
        "treasury/day",
        _("Today's proof"),
        day=newest,
        letters=day.letters(newest) if newest else [],
        statuses=_counted(newest),
        **_asked_for(request),
    )


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """How far the proof is that somebody asked for; one that is done is the page itself."""
    latest = asking.latest()
    if latest is None:
        return {}
    work.see(latest, by=access.by(request))
    return {
        "work": latest if latest.state != Work.State.DONE else None,
        "is_under_way": not latest.is_ended,
        "why": words.work_code(latest.code),
        "refresh_seconds": 0 if latest.is_ended else 3,
    }


def _counted(newest: queries.Day | None) -> dict[str, int]:
    kinds = ("differs", "waiting", "ok")
    return {kind: len(newest.with_status(kind)) if newest else 0 for kind in kinds}


@action("proof.run")
def run(request: HttpRequest) -> HttpResponse:
    """Have every identity tried; one worker at a time does it."""
    if asking.ask(by=access.by(request)) is None:
        messages.info(request, _("The proof is being done already."))
    else:
        messages.success(request, _("The proof is being done. This page shows what it finds."))
    return redirect("console:day_proof")
