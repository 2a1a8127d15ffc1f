"""A link of a mail: off to the stored target, and a line that somebody or something came.

Never an open redirect: only what staff wrote into the mail, or mended since, is gone to. The
reference of the mail, the sum it asked for and what raises a monthly gift are handed on to pages of
our own and to nobody else.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from fundraise.give import errors, links
from fundraise.give.mine import frame
from fundraise.give.origin import is_own
from fundraise.limits import services as limits
from mailings import tokens
from mailings.appeals.services import linking
from mailings.mail_events import services as mail_events
from mailings.tokens import Purpose, Token

LONGEST_SUM = 7
KEY = "key"
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,300}")
SUMS = ("belopp", "amount")
LINK = "lank"  # which link it was, for the page's own word (give.js)
AWAY = (OperationalError, InterfaceError)


@require_safe
def follow(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """GET and HEAD alike: scanners open every link, and nothing but the line follows from it."""
    try:
        said = tokens.read(token, Purpose.GIVE)
    except tokens.TokenError:
        return errors.not_found(request)
    try:
        target = linking.target_of(said, number)
        if target is None or not target.startswith(("https://", "http://")):
            return errors.not_found(request)
        now = linking.as_may_be_followed(said)
        _note(request, now, number)
    except AWAY:
        return errors.away(request)
    carried = token if now == said else tokens.make(now)
    return frame.private(HttpResponseRedirect(_with_reference(request, target, carried, number)))


def _note(request: HttpRequest, said: Token, number: int, *, beacon: bool = False) -> None:
    mail_events.note_arrival(
        said,
        link=number,
        method=request.method or "GET",
        headers=request.headers,
        ip=limits.address_of(request),
        beacon=beacon,
    )


def _with_reference(request: HttpRequest, target: str, token: str, number: int) -> str:
    """The target; where it is ours, with what the donation page reads (give/presets.py)."""
    parts, ours = urlsplit(target), urlsplit(settings.BASE_URL)
    if (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc):
        return target
    carried = {"ref": token, LINK: str(number)}
    path, key = _raising(parts.path, request.GET.get(KEY, ""))
    if path != parts.path:
        return urlunsplit(parts._replace(path=path, query=urlencode({**carried, **key})))
    carried |= key
    for name in SUMS:
        asked = request.GET.get(name, "")
        if asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_SUM:
            carried[name] = asked
    dropped = {"ref", LINK, *(SUMS if carried.keys() & set(SUMS) else ())}
    kept = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in dropped
    ]
    return urlunsplit(parts._replace(query=urlencode([*kept, *carried.items()])))


def _raising(path: str, key: str) -> tuple[str, dict[str, str]]:
    """Where somebody goes to raise a monthly gift, and with which key.

    Who gives every month is led from "so much a month" to the page that raises the gift, where the
    donation page would begin another one; who has none to raise, from that page to My pages.
    """
    name, language = _page_of(path)
    key = key if _KEY.fullmatch(key) else ""
    if name == "raise" and not key:
        return links.mine(language), {}
    if name in {"raise", "donate"} and key:
        return links.own("raise", language), {KEY: key}
    return path, {}


def _page_of(path: str) -> tuple[str, str]:
    """Name and language of a page of ours."""
    try:
        name, _, language = (resolve(path).url_name or "").rpartition("_")
    except Resolver404:
        return "", ""
    return name, language


@csrf_exempt
@require_POST
def arrived(request: HttpRequest) -> HttpResponse:
    """Our page has been in front of somebody for a second after a mail's link led to it.

    The answer is the same for whatever is sent; what is no token of ours leaves no line.
    """
    if not is_own(request):
        return errors.csrf_failure(request)
    number = request.POST.get(LINK, "")
    try:
        said = tokens.read(request.POST.get("ref", ""), Purpose.GIVE)
        if number.isascii() and number.isdecimal() and len(number) <= 4:
            _note(request, said, int(number), beacon=True)
    except tokens.TokenError:
        return HttpResponse(status=204)
    except AWAY:
        return errors.away(request)
    return HttpResponse(status=204)
