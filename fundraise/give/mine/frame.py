"""Every answer of My pages: in the house's look, for this browser only, in no cache."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fundraise import clock
from fundraise.campaigns import queries as campaigns
from fundraise.give import links, shell
from fundraise.give.reading import read_page
from fundraise.give.terms import Terms


def page(
    request: HttpRequest,
    template: str,
    *,
    status: int = 200,
    token: str = "",
    logged_in: bool = False,
    **context: Any,
) -> HttpResponse:
    """A page of a template."""
    language = str(request.LANGUAGE_CODE)
    terms = house_terms(language)
    frame = shell.frame(language, _in_other_language(request, language), terms)
    html = shell.render(
        template,
        frame,
        terms=terms,
        token=shell.TOKEN_MARK,
        home_url=links.mine(language),
        **(_nav(language) if logged_in else {}),
        **context,
    )
    return private(shell.finish(request, html, token=token, status=status))


def _nav(language: str) -> dict[str, str]:
    """Where the row of links at the top leads."""
    names = {"out_url": "leave", "nav_gifts": "gifts", "nav_details": "details"}
    return {key: links.own(name, language) for key, name in names.items()}


def go(url: str) -> HttpResponse:
    """Go on to another page after a POST, so that a reload sends nothing again."""
    return private(HttpResponseRedirect(url, status=303))


def private(response: HttpResponse) -> HttpResponse:
    """In no cache, also not the browser's own that Back shows after a log-out."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Vary"] = "Cookie"
    return response


def house_terms(language: str) -> Terms | None:
    """Colour and payee of the front campaign; None when there is none."""
    campaign = campaigns.front_campaign()
    found = read_page(campaign.slug, language, clock.today()) if campaign is not None else None
    return found[0] if found is not None else None


def _in_other_language(request: HttpRequest, language: str) -> str:
    """The same page, with what its link carries."""
    other, match = links.other(language), request.resolver_match
    if match is None or match.url_name is None:
        return links.mine(other)
    name = match.url_name.removesuffix(f"_{language}")
    path = reverse(f"give:{name}_{other}", kwargs=match.kwargs)
    query = request.GET.urlencode() if request.method in {"GET", "HEAD"} else ""
    return f"{path}?{query}" if query else path
