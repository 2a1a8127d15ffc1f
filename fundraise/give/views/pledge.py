"""A monthly gift's own page: GET reads; signing and a first gift beside it are POSTs."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from fundraise import clock
from fundraise.campaigns import queries as campaigns
from fundraise.give import errors, links, pledge_page, qr, shell
from fundraise.give.gauge import gauge_of
from fundraise.give.origin import own_posts_only
from fundraise.give.terms import terms_of
from fundraise.give.views.starting import asked_of, is_signable
from fundraise.limits import services as limits
from fundraise.pledges import queries, signed
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Pledge
from fundraise.pledges.states import LIVE_PLEDGE
from fundraise.providers import defence, signing
from fundraise.providers import services as providers
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.defence import Verdict
from fundraise.providers.signing import FAILED, WAITING, Progress

AWAY = (OperationalError, InterfaceError)
SIGNABLE = set(LIVE_PLEDGE)  # also one that gets another account


@require_safe
def show(request: HttpRequest, ref: UUID) -> HttpResponse:
    """How the monthly gift stands."""
    try:
        return _page(request, _pledge(ref), _fresh(request.GET.get(signed.FRESH, ""), ref))
    except AWAY:
        return errors.away(request)


@own_posts_only(errors.csrf_failure)
@require_POST
def sign(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask for the signature, or ask how it stands: only for who has just signed up."""
    try:
        pledge, fresh = _pledge(ref), _fresh(request.POST.get(signed.FRESH, ""), ref)
        if not fresh:
            return HttpResponseRedirect(links.pledge(ref, _language(request)), status=303)
        if "code" in request.POST:
            return _uncached(JsonResponse({"code": _code(request, pledge)}))
        if not limits.allow(request, "check"):
            progress = Progress(WAITING, order=request.POST.get("order", ""), hint="userSign")
        else:
            progress = _progress(request, pledge)
        if request.headers.get("Accept") == "application/json":
            return _uncached(JsonResponse({"now": f"{progress.state}-{progress.hint}"}))
        if progress.state in {WAITING, FAILED}:
            return _page(request, pledge, fresh, progress)
    except AWAY:
        return errors.away(request)
    return HttpResponseRedirect(_own(request, ref, fresh), status=303)


def _progress(request: HttpRequest, pledge: Pledge) -> Progress:
    mandate = queries.waiting_mandate(pledge.pk)
    if mandate is None or not is_signable(mandate) or pledge.state not in SIGNABLE:
        return Progress(signing.SIGNED)
    asked, order = asked_of(request, pledge, mandate), request.POST.get("order", "")
    try:
        return signing.collect(asked, order) if order else signing.begin(asked)
    except PledgeError:
        return Progress(FAILED, hint="over")


def _code(request: HttpRequest, pledge: Pledge) -> str:
    """The code that a phone scans at this moment, drawn; nothing when there is none to scan."""
    mandate = queries.waiting_mandate(pledge.pk)
    if mandate is None or not limits.allow(request, "check"):
        return ""
    text = signing.code(asked_of(request, pledge, mandate), request.POST.get("order", ""))
    return qr.svg(text) if text else ""


@own_posts_only(errors.csrf_failure)
@require_POST
def first_gift(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Begin one gift of the same sum beside the mandate that waits, by a way that pays at once."""
    try:
        pledge, fresh = _pledge(ref), _fresh(request.POST.get(signed.FRESH, ""), ref)
        if not fresh:
            return HttpResponseRedirect(links.pledge(ref, _language(request)), status=303)
        return _begin_gift(request, pledge, fresh)
    except AWAY:
        return errors.away(request)


def _begin_gift(request: HttpRequest, pledge: Pledge, fresh: str) -> HttpResponse:
    giver, language = queries.giver_of(pledge.pk), _language(request)
    if giver is None:
        return HttpResponseRedirect(links.donate(pledge.campaign.slug, language), status=303)
    way = _chosen_way(request, pledge)
    if way is None:
        return HttpResponseRedirect(_own(request, pledge.ref, fresh), status=303)
    asked = providers.GiftRequest(
        campaign=pledge.campaign,
        amount_ore=pledge.amount_ore,
        method=way,
        language=language,
        giver=giver,
        reference=pledge.reference,
        submission=hashlib.sha256(b"first-gift" + pledge.ref.bytes).digest(),
    )
    if defence.admit(asked, address=limits.address_of(request)) is not Verdict.OK:
        return HttpResponseRedirect(f"{_own(request, pledge.ref, fresh)}&sedan=1", status=303)
    try:
        started = providers.start_gift(asked)
    except ProviderUnavailable:
        return HttpResponseRedirect(f"{_own(request, pledge.ref, fresh)}&sedan=1", status=303)
    own_page = links.gift(started.gift_ref, language)
    return HttpResponseRedirect(started.redirect_url or own_page, status=303)


def _chosen_way(request: HttpRequest, pledge: Pledge) -> str | None:
    """One of the ways that the page offers now; anything else is no way to pay at once."""
    terms = terms_of(pledge.campaign, _language(request), clock.today())
    said = request.POST.get("way", "")
    return next((way.method for way in terms.ways if way.method == said), None)


def _pledge(ref: UUID) -> Pledge:
    pledges = Pledge.objects.select_related("campaign__entity", "campaign__thermometer", "entity")
    pledge = pledges.filter(ref=ref).first()
    if pledge is None:
        raise Http404
    return pledge


def _fresh(token: str, ref: UUID) -> str:
    """The token itself while it is good for this pledge, else nothing."""
    return token if signed.read("fresh", token) == ref else ""


def _language(request: HttpRequest) -> str:
    return str(request.LANGUAGE_CODE)


def _own(request: HttpRequest, ref: UUID, fresh: str) -> str:
    return f"{links.pledge(ref, _language(request))}?{signed.FRESH}={fresh}"


def _page(
    request: HttpRequest, pledge: Pledge, fresh: str, progress: Progress | None = None
) -> HttpResponse:
    language, today = _language(request), clock.today()
    mandate = queries.waiting_mandate(pledge.pk) or queries.drawing_mandate(pledge.pk)
    terms = terms_of(pledge.campaign, language, today)
    words = pledge_page.context(pledge, mandate, terms, fresh=fresh)
    frame = shell.frame(language, links.pledge(pledge.ref, links.other(language)), terms)
    reading = campaigns.thermometer(pledge.campaign)
    html = shell.render(
        "give/pledge.html",
        frame,
        gauge=gauge_of(reading, language, pledge.campaign.ends_on, today),
        progress=progress,
        code=qr.svg(progress.code) if progress and progress.code else "",
        own_url=_own(request, pledge.ref, fresh),
        later="sedan" in request.GET,
        **words,
    )
    return _uncached(shell.finish(request, html))


def _uncached(response: HttpResponse) -> HttpResponse:
    """Always the state of now, in no cache and in no search engine."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
