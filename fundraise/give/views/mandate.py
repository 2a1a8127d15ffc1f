"""What the links in a mail lead to: sign, "it was not me", the mandate as a page and as PDF.

Opening a link changes nothing, so that a mail scanner can't sign or stop anything; a button does.
The link's key stands in the query, which no log keeps.
"""

from __future__ import annotations

from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fundraise import clock
from fundraise.give import errors, links, pledge_page, shell
from fundraise.give.origin import own_posts_only
from fundraise.give.terms import Terms, terms_of
from fundraise.give.views.starting import asked_of, is_signable
from fundraise.pledges import signed, words
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.services import starting
from fundraise.providers import signing
from fundraise.providers.papers import mandate as papers
from fundraise.providers.papers.mandate import Paper
from fundraise.providers.papers.pdf import mandate_pdf

AWAY = (OperationalError, InterfaceError)


@require_http_methods(["GET", "HEAD", "POST"])
@own_posts_only(errors.csrf_failure)
def sign(request: HttpRequest) -> HttpResponse:
    """The mailed link that confirms: a page with a button, and what the button does."""
    try:
        mandate = _mandate("sign", request)
        if mandate is None:
            return _words(request, None, "sign_old", HTTPStatus.GONE)
        pledge = _pledge(mandate)
        if not is_signable(mandate) or pledge.state == Pledge.State.ENDED:
            return HttpResponseRedirect(links.pledge(pledge.ref, _language(request)), status=303)
        if request.method != "POST":
            return _words(request, mandate, "sign_ask", url=request.get_full_path())
        return _sign(request, mandate, pledge)
    except AWAY:
        return errors.away(request)


def _sign(request: HttpRequest, mandate: Mandate, pledge: Pledge) -> HttpResponse:
    if signing.chosen().begins_later:  # a link is no BankID: on to the page where that begins
        return HttpResponseRedirect(signed.own_page(pledge.ref, _language(request)), status=303)
    asked = asked_of(request, pledge, mandate)
    try:
        signing.keep("mail_link", asked, {"ticked": True, "link": "opened"})
    except PledgeError:
        return HttpResponseRedirect(links.pledge(pledge.ref, _language(request)), status=303)
    return HttpResponseRedirect(signed.own_page(pledge.ref, _language(request)), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@own_posts_only(errors.csrf_failure)
def disown(request: HttpRequest) -> HttpResponse:
    """ "It was not me": a page with a button that stops it at once."""
    try:
        mandate = _mandate("disown", request)
        if mandate is None:
            return _words(request, None, "disown_old", HTTPStatus.GONE)
        pledge = _pledge(mandate)
        if request.method == "POST":
            starting.disown(pledge.pk, by="donor", channel="mail_link")
            return HttpResponseRedirect(request.get_full_path(), status=303)
        over = pledge.state == Pledge.State.ENDED
        return _words(
            request, mandate, "disown_done" if over else "disown_ask", url=request.get_full_path()
        )
    except AWAY:
        return errors.away(request)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The mandate to read and print, in the language it was agreed to in."""
    try:
        mandate, paper = _paper(request)
        language = paper.language
        terms = terms_of(_pledge(mandate).campaign, language, clock.today())
        frame = shell.frame(language, links.donate(terms.slug, links.other(language)), terms)
        html = shell.render(
            "give/mandate.html",
            frame,
            terms=terms,
            paper=paper,
            title=_("Autogiro mandate"),
            pdf_url=signed.url("mandate_pdf", mandate.ref, language),
        )
        return _uncached(shell.finish(request, html))
    except AWAY:
        return errors.away(request)


@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """The same as a PDF."""
    try:
        _mandate_row, paper = _paper(request)
    except AWAY:
        return errors.away(request)
    response = HttpResponse(mandate_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{paper.file_name}"'
    return _uncached(response)


def _paper(request: HttpRequest) -> tuple[Mandate, Paper]:
    mandate = _mandate("mandate", request)
    paper = papers.paper_of(mandate) if mandate else None
    if mandate is None or paper is None:
        raise Http404
    return mandate, paper


def _mandate(purpose: str, request: HttpRequest) -> Mandate | None:
    ref = signed.read(purpose, request.GET.get(signed.KEY, ""))
    if ref is None:
        return None
    mandates = Mandate.objects.select_related(
        "entity", "wording", "pledge__campaign__entity", "pledge__entity"
    )
    return mandates.filter(ref=ref, pledge__isnull=False).first()


def _pledge(mandate: Mandate) -> Pledge:
    if mandate.pledge is None:
        raise Http404
    return mandate.pledge


def _language(request: HttpRequest) -> str:
    return str(request.LANGUAGE_CODE)


def _words(
    request: HttpRequest,
    mandate: Mandate | None,
    kind: str,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    url: str = "",
) -> HttpResponse:
    language = _language(request)
    titles = {
        "sign_ask": _("Confirm your monthly gift"),
        "sign_old": _("The link has run out"),
        "disown_ask": _("Was it not you?"),
        "disown_done": _("It is stopped"),
        "disown_old": _("The link has run out"),
    }
    terms: Terms | None = None
    said: dict[str, object] = {}
    if mandate is not None:
        pledge = _pledge(mandate)
        terms, said = _said(pledge, language)
    frame = shell.frame(language, links.front(links.other(language)), terms)
    html = shell.render(
        f"give/{kind}.html", frame, terms=terms, title=titles[kind], url=url, **said
    )
    return _uncached(shell.finish(request, html, status=status))


def _said(pledge: Pledge, language: str) -> tuple[Terms, dict[str, object]]:
    said: dict[str, object] = {
        "pledge": pledge,
        "every": words.every(pledge.interval_months),
        "first_on": words.on(pledge.starts_on),
        "following": pledge_page.following(pledge),
    }
    return terms_of(pledge.campaign, language, clock.today()), said


def _uncached(response: HttpResponse) -> HttpResponse:
    """In no cache and in no search engine; the address is a key, so it is told to nobody."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
