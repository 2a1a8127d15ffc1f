"""The thermometer for the world: numbers, a picture and a page. One small query each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC

from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fundraise import clock
from fundraise.give import colour, errors, links, shell
from fundraise.give.gauge import Gauge, gauge_of, kronor_number
from fundraise.give.reading import NothingProven, Sums, read_page, read_sums

CACHE = "public, max-age=15, stale-while-revalidate=60"
KEPT_SECONDS = 1.0  # in this process; others may keep the answer for fifteen
BAR_WIDTH = 592


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """Sum, goal, number of donors and time, as JSON; open to every site."""
    return _answer(request, slug, "application/json", _json)


@require_safe
def svg(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a picture, for mails and other sites."""
    return _answer(request, slug, "image/svg+xml", lambda sums: _svg(request, sums))


def _answer(
    request: HttpRequest, slug: str, content_type: str, body_of: Callable[[Sums], str]
) -> HttpResponse:
    kept: tuple[bytes, str] | None = cache.get(request.path)
    if kept is None:
        try:
            sums = read_sums(slug)
        except NothingProven:
            return errors.away(request)
        if sums is None:
            raise Http404
        kept = _tagged(body_of(sums))
        if not sums.reading.stale:
            cache.set(request.path, kept, KEPT_SECONDS)
    return _public(request, *kept, content_type)


def _tagged(text: str) -> tuple[bytes, str]:
    body = text.encode()
    return body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _public(request: HttpRequest, body: bytes, tag: str, content_type: str) -> HttpResponse:
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type=content_type)
    response["ETag"] = tag
    response["Cache-Control"] = CACHE
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _json(sums: Sums) -> str:
    """Written by hand: every value is a number, a slug or a time, and kronor stay exact."""
    reading = sums.reading
    at = reading.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    donors = "null" if reading.public_donors is None else str(reading.public_donors)
    return (
        f'{{"campaign":"{reading.slug}",'
        f'"received_ore":{reading.received_ore},'
        f'"received_kronor":{kronor_number(reading.received_ore)},'
        f'"promised_ore":{reading.promised_ore},'
        f'"goal_ore":{reading.goal_ore},'
        f'"goal_kronor":{kronor_number(reading.goal_ore)},'
        f'"percent":{reading.percent},'
        f'"donors":{donors},'
        f'"at":"{at}",'
        f'"stale":{"true" if reading.stale else "false"}}}\n'
    )


def _svg(request: HttpRequest, sums: Sums) -> str:
    reading = sums.reading
    gauge = gauge_of(reading, str(request.LANGUAGE_CODE), None, clock.today())
    filled = min(max(0, reading.received_ore), reading.goal_ore) * BAR_WIDTH // reading.goal_ore
    under = _under(gauge)
    return loader.get_template("give/thermometer.svg").render(
        {
            "gauge": gauge,
            "width": max(filled, 18) if filled else 0,
            "under": under,
            "sentence": f"{gauge.received} {under}",
            "colour": colour.tokens(sums.colour).light.brand,
        }
    )


def _under(gauge: Gauge) -> str:
    words = [_("of %(goal)s") % {"goal": gauge.goal}]
    if gauge.has_begun:
        words.append(f"{gauge.percent}\N{NO-BREAK SPACE}%")
    if gauge.donors:
        donors = ngettext("%(words)s donor", "%(words)s donors", gauge.donors)
        words.append(donors % {"words": gauge.donors_words})
    if gauge.stale:
        words.append(_("as it stood at %(time)s") % {"time": gauge.time})
    return " · ".join(words)


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
