"""The first page of the day, the log-in, and the choice of language."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from fundraise.console import (
    access,
    addresses,
    appeal_needs,
    figures,
    history,
    queues,
    shell,
)
from fundraise.console.guard import only, staff_page
from fundraise.console.shell import page
from fundraise.jobs import work
from fundraise.language import ENGLISH, STAFF, SWEDISH
from fundraise.staff import rights
from mailings.attribution import telling

YEAR = 31_536_000


@require_GET
@staff_page
def front(request: HttpRequest) -> HttpResponse:
    """How much of the goal, at what pace, what needs me."""
    held = rights.of(request.user)
    needs, standings = figures.needs(held, access.by(request)), figures.standings(held)
    waiting = [need for need in needs if need.number]
    return page(
        request,
        "front",
        shell.title_of_day(),
        standings=standings,
        pictured=[one for one in standings if one.gifts],
        months=history.months([one.campaign.pk for one in standings]),
        waiting=waiting,
        under_way=appeal_needs.under_way(held),
        works=work.to_show(access.by(request)),
        tasks=[(task, telling.path_of(task)) for task in telling.open_tasks(_who(request))],
        quiet=[need for need in needs if not need.number],
    )


def _who(request: HttpRequest) -> User:
    return cast("User", request.user)


@require_GET
@only("gifts.view")
def identity(request: HttpRequest) -> HttpResponse:
    """Givers above the limit of the year without an identity; sums and gifts, no names."""
    rows = queues.without_identity(rights.entities(request.user, "gifts.view"))
    return page(request, "identity", shell.title_of_identity(), rows=rows)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language of the staff pages in a cookie of theirs; also before log-in."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(addresses.back(request))
    if chosen in {SWEDISH, ENGLISH}:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            path=STAFF,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
