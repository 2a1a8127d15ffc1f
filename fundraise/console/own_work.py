"""Long work that somebody asked for, on the page where she asked: how it goes, and a stop."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise.console import access, words
from fundraise.jobs import work
from fundraise.jobs.models import Work

REFRESH_SECONDS = 3


def shown(request: HttpRequest, kind: str, *, stop: str) -> dict[str, Any]:
    """The newest of a kind that the reader asked for and has not seen the end of; one that has
    ended is seen now. `stop` names the page that breaks it off."""
    mine = Work.objects.filter(kind=kind, asked_by=access.by(request), seen_at=None)
    latest = mine.order_by("-pk").first()
    if latest is not None and latest.is_ended:
        work.see(latest, by=latest.asked_by)
    return {
        "work": latest,
        "why": words.work_code(latest.code) if latest is not None else "",
        "stop": reverse(stop),
        "refresh_seconds": 0 if latest is None or latest.is_ended else REFRESH_SECONDS,
    }


def stopped(request: HttpRequest, kind: str, *, said: str, back: str) -> HttpResponse:
    """Break off the newest of a kind that the reader asked for, and go back."""
    row = Work.objects.filter(kind=kind, asked_by=access.by(request)).order_by("-pk").first()
    if row is not None and work.ask_to_stop(row, by=row.asked_by):
        messages.success(request, said)
    else:
        messages.info(request, _("It had ended before."))
    return redirect(back)
