"""The first page of the day, the log-in, and the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fundraise.console import access, figures, history, queues, shell
from fundraise.console.guard import only, staff_page
from fundraise.console.shell import page
from fundraise.language import ENGLISH, STAFF, SWEDISH
from fundraise.limits import services as limits
from fundraise.staff import rights

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
        months=history.months([one.campaign.pk for one in standings]),
        waiting=waiting,
        quiet=[need for need in needs if not need.number],
    )


@require_GET
@only("gifts.view")
def identity(request: HttpRequest) -> HttpResponse:
    """Givers above the limit of the year without an identity; sums and gifts, no names."""
    rows = queues.without_identity(rights.entities(request.user, "gifts.view"))
    return page(request, "identity", shell.title_of_identity(), rows=rows)


def log_in(request: HttpRequest) -> HttpResponse:
    """Django's log-in, so often per address block; it leads to the first page by itself."""
    if request.method == "POST" and not limits.allow(request, "login"):
        said = _("Too many tries. Wait some minutes and try again.")
        return HttpResponse(said, status=429, content_type="text/plain; charset=utf-8")
    asked = request.GET.copy()
    asked.setdefault("next", reverse("console:front"))
    request.GET = asked  # type: ignore[assignment]
    answer: HttpResponse = admin.site.login(request)
    return answer


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language of the staff pages in a cookie of theirs; also before log-in."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(_back(request))
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


def _back(request: HttpRequest) -> str:
    """Where the choice was made, within the staff pages."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if safe and target.startswith(STAFF) else reverse("console:front")
