"""Two small pages: how details are handled, and how accessible the pages are."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fundraise import clock
from fundraise.campaigns import queries as campaigns
from fundraise.give import links, shell
from fundraise.give.terms import Terms, terms_of


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why, how long, and whom to ask."""
    return _page(request, "give/privacy.html", links.privacy)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return _page(request, "give/accessibility.html", links.accessibility)


def _page(request: HttpRequest, template: str, link: links.ByLanguage) -> HttpResponse:
    language = str(request.LANGUAGE_CODE)
    terms = _terms(language)
    frame = shell.frame(language, link(links.other(language)), terms)
    return shell.finish(request, shell.render(template, frame, terms=terms))


def _terms(language: str) -> Terms | None:
    """The front campaign's payee; the pages stand without it when the database is away."""
    try:
        campaign = campaigns.front_campaign()
        return terms_of(campaign, language, clock.today()) if campaign else None
    except (OperationalError, InterfaceError):
        return None
