"""The gift's own page: where the provider sends the giver back. GET reads, POST asks."""

from __future__ import annotations

from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from fundraise import clock
from fundraise.campaigns import queries as campaigns
from fundraise.gifts import queries as gifts
from fundraise.gifts.queries import GiftPage
from fundraise.give import errors, gift_page, links, shell
from fundraise.give.gauge import gauge_of
from fundraise.give.origin import own_posts_only
from fundraise.give.terms import terms_of
from fundraise.limits import services as limits
from fundraise.providers import services as providers

AWAY = (OperationalError, InterfaceError)
CANCELLED = "avbruten"  # what the provider's way back carries when the giver stopped


@require_safe
def show(request: HttpRequest, ref: UUID) -> HttpResponse:
    """How the gift stands, as far as we know without asking anybody."""
    try:
        return _uncached(_page(request, _gift(ref)))
    except AWAY:
        return errors.away(request)


@own_posts_only(errors.csrf_failure)
@require_POST
def check(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask the provider; then tell the script, or show the page to a browser without one."""
    try:
        gift = _gift(ref)
        if limits.allow(request, "check"):
            providers.check_gift(ref)  # else the page says what is known, as true as before
        if request.headers.get("Accept") == "application/json":
            return _uncached(JsonResponse({"now": gift_page.fingerprint(_gift(ref))}))
    except AWAY:
        return errors.away(request)
    return HttpResponseRedirect(links.gift(gift.ref, str(request.LANGUAGE_CODE)), status=303)


def _gift(ref: UUID) -> GiftPage:
    gift = gifts.gift_page(ref)
    if gift is None:
        raise Http404
    return gift


def _page(request: HttpRequest, gift: GiftPage) -> HttpResponse:
    language, today = str(request.LANGUAGE_CODE), clock.today()
    kind = gift_page.kind_of(gift, cancelled=CANCELLED in request.GET, now=clock.now())
    terms = terms_of(gift.campaign, language, today)
    frame = shell.frame(language, links.gift(gift.ref, links.other(language)), terms)
    reading = campaigns.thermometer(gift.campaign)
    gauge = gauge_of(reading, language, gift.campaign.ends_on, today)
    words = gift_page.context(gift, terms, kind)
    return shell.finish(request, shell.render("give/gift.html", frame, gauge=gauge, **words))


def _uncached(response: HttpResponse) -> HttpResponse:
    """Always the state of now, in no cache and in no search engine."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
