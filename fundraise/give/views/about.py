"""Two small pages: how details are handled, and how accessible the pages are.

What stands of a party or of the tax alone is left out for others; without a payee all of it stands.
"""

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
    page = shell.render(
        template,
        frame,
        terms=terms,
        is_party=terms is None or terms.payee.is_party,
        lowers_tax=terms is None or terms.payee.lowers_tax,
    )
    return shell.finish(request, page)


def _terms(language: str) -> Terms | None:
    """The front campaign's payee; the pages stand without it when the database is away."""
    try:
        campaign = campaigns.front_campaign()
        return terms_of(campaign, language, clock.today()) if campaign else None
    except (OperationalError, InterfaceError):
        return None
