"""While the breaker is open: a proof of work for the page's script, a mailed link without one."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fundraise import clock
from fundraise.give import errors, link_mail, links, robot, shell, tokens
from fundraise.give.forms import clean_address
from fundraise.give.origin import own_posts_only
from fundraise.give.reading import read_page
from fundraise.give.terms import Terms
from fundraise.limits import services as limits
from fundraise.limits.address import block_of
from fundraise.providers import defence

AWAY = (OperationalError, InterfaceError)


@own_posts_only(errors.csrf_failure)
@require_POST
def challenge(request: HttpRequest, slug: str) -> HttpResponse:
    """A challenge that is bound to the form whose token is sent."""
    try:
        token = tokens.read_token(request.POST.get("token", ""), slug)
        made = defence.challenge(token.submission, address=limits.address_of(request))
    except tokens.TokenError:
        return _json({}, HTTPStatus.BAD_REQUEST)
    except AWAY:
        return _json({}, HTTPStatus.SERVICE_UNAVAILABLE)
    return _json({}, HTTPStatus.TOO_MANY_REQUESTS) if made is None else _json(made)


def _json(said: dict[str, object], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    response = JsonResponse(said, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@own_posts_only(errors.csrf_failure)
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the link by POST; GET says to look in the mailbox, whoever asks."""
    try:
        terms = _terms(request, slug)
        if request.method != "POST":
            return _page(request, terms, "sent")
        return _ask(request, terms)
    except AWAY:
        return errors.away(request)


def _terms(request: HttpRequest, slug: str) -> Terms:
    found = read_page(slug, str(request.LANGUAGE_CODE), clock.today())
    if found is None:
        raise Http404
    return found[0]


def _ask(request: HttpRequest, terms: Terms) -> HttpResponse:
    if not terms.proof_asked or not terms.is_open:
        return HttpResponseRedirect(links.donate(terms.slug, terms.language), status=303)
    typed = request.POST.get("email", "")
    try:
        token = tokens.read_token(request.POST.get("token", ""), terms.slug)
        address = clean_address(typed)
    except tokens.TokenError:
        return _page(request, terms, "again", typed=typed, status=400)
    except ValidationError as error:
        return _page(request, terms, "wrong", typed=typed, said=error.messages[0], status=422)
    if robot.seen(request.POST, token):
        return _page(request, terms, "again", typed=typed, status=400)
    if not _may_mail(request):
        return _page(request, terms, "many", typed=typed, status=429)
    if limits.take("link-email", address.casefold(), clock.real_now()):
        link_mail.send(terms, address)  # else the answer is the same: it tells nobody anything
    return HttpResponseRedirect(links.link(terms.slug, terms.language), status=303)


def _may_mail(request: HttpRequest) -> bool:
    now, block = clock.real_now(), block_of(limits.address_of(request))
    return limits.take("link", block, now) and limits.take("link-house", "house", now)


def _page(
    request: HttpRequest,
    terms: Terms,
    state: str,
    *,
    typed: str = "",
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    titles = {
        "sent": _("Look in your mailbox"),
        "many": _("Many have asked for a link just now"),
        "again": _("Press the button once more"),
        "wrong": _("There is a problem"),
    }
    frame = shell.frame(terms.language, links.link(terms.slug, links.other(terms.language)), terms)
    html = shell.render(
        "give/link.html",
        frame,
        terms=terms,
        state=state,
        title=titles[state],
        typed=typed[:254],
        error=said,
        token=shell.TOKEN_MARK,
        link_url=links.link(terms.slug, terms.language),
        give_url=links.donate(terms.slug, terms.language),
    )
    token = tokens.new_token(terms.slug, None, None)
    response = shell.finish(request, html, token=token, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
