"""The campaign on other sites: the script that they load, and the page that says how."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from fundraise import clock
from fundraise.give import embedded, errors, kept, links, shell
from fundraise.give.reading import read_page
from fundraise.give.snippets import snippets


@require_safe
@gzip_page
def script(request: HttpRequest) -> HttpResponse:
    """The elements for other sites, at an address that stays."""
    return kept.give(request, embedded.script(), embedded.CACHE)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What to paste into another site, each with what it looks like."""
    language = str(request.LANGUAGE_CODE)
    try:
        found = read_page(slug, language, clock.today())
    except (OperationalError, InterfaceError):
        return errors.away(request)
    if found is None:
        raise Http404
    terms, _reading = found
    frame = shell.frame(language, links.embed(slug, links.other(language)), terms)
    html = shell.render(
        "give/embed.html",
        frame,
        terms=terms,
        made=snippets(terms),
        script_url=links.embed_script(),
        picture_url=links.picture(slug, language),
        dark_url=links.picture(slug, language, dark=True),
        button_url=links.button_picture(slug, language),
        give_url=links.donate(slug, language),
    )
    return shell.finish(request, html)
