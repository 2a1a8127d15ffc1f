"""The thermometer for the world: numbers, a picture and a page. One small query each."""

from __future__ import annotations

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fundraise import clock
from fundraise.give import bar, drawn, errors, kept, links, shell
from fundraise.give.gauge import gauge_of
from fundraise.give.reading import NothingProven, Sums, read_page, read_sums


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """Sum, goal, number of donors and time, as JSON; open to every site."""
    return _answer(request, slug, "application/json", drawn.numbers)


@require_safe
def svg(request: HttpRequest, slug: str, *, dark: bool = False) -> HttpResponse:
    """The same as a picture, for mails and other sites."""
    language = str(request.LANGUAGE_CODE)
    return _answer(
        request, slug, "image/svg+xml", lambda sums: drawn.picture(sums, language, dark=dark)
    )


@require_safe
def png(request: HttpRequest, slug: str) -> HttpResponse:
    """The bar alone, for mails; the same in every language."""
    return _answer(request, slug, "image/png", bar.png)


@require_safe
def button(request: HttpRequest, slug: str) -> HttpResponse:
    """A button to give as a picture, for sites that allow no script."""
    return _answer(request, slug, "image/svg+xml", drawn.button)


def _answer(
    request: HttpRequest, slug: str, content_type: str, body_of: Callable[[Sums], str | bytes]
) -> HttpResponse:
    """The kept answer or a new one. What is refused is readable from other sites too: the element
    there then knows a campaign that is not from a service that is away."""
    answer = kept.find(request)
    if answer is None:
        try:
            sums = read_sums(slug)
        except NothingProven:
            return kept.opened(errors.away(request))
        if sums is None:
            return kept.opened(errors.not_found(request))
        answer = kept.tagged(body_of(sums), content_type)
        if not sums.reading.stale:
            kept.keep(request, answer)
    return kept.give(request, answer)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The thermometer on a page of its own."""
    language, today = str(request.LANGUAGE_CODE), clock.today()
    try:
        found = read_page(slug, language, today)
    except (OperationalError, InterfaceError):
        return errors.away(request)
    if found is None:
        raise Http404
    terms, reading = found
    gauge = gauge_of(reading, language, terms.ends_on, today)
    frame = shell.frame(language, links.thermometer(slug, links.other(language)), terms)
    give_url = links.donate(slug, language)
    html = shell.render("give/thermometer.html", frame, terms=terms, gauge=gauge, give_url=give_url)
    return shell.finish(request, html)
