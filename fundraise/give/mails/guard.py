"""What the pages behind a mail's links have in common: any token of ours opens, others are counted.

A good token is never refused, however many come from one place: providers unsubscribe for their
users from few addresses. What is no token spends an allowance, so that nobody can try them out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fundraise.give import errors
from fundraise.give.mine import frame
from fundraise.give.origin import own_posts_only
from fundraise.limits import services as limits
from mailings import tokens
from mailings.appeals.services import leaving
from mailings.appeals.services.leaving import Leaver

LeaverView = Callable[[HttpRequest, Leaver, str], HttpResponse]
TokenView = Callable[..., HttpResponse]


def anyone_may_post(view: LeaverView) -> TokenView:
    """A page that also takes a POST of a mail program (RFC 8058): no cookie, no origin asked."""
    return csrf_exempt(_methods(_with_leaver(view)))


def own_pages_post(view: LeaverView) -> TokenView:
    """A page whose POST comes from our own pages alone."""
    return own_posts_only(errors.csrf_failure)(_methods(_with_leaver(view)))


def _methods(view: TokenView) -> TokenView:
    return require_http_methods(["GET", "HEAD", "POST"])(view)


def _with_leaver(view: LeaverView) -> TokenView:
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            leaver = _leaver_of(token)
            if leaver is None:
                return _of_a_test(request, token) or unknown(request)
            return view(request, leaver, token)
        except (OperationalError, InterfaceError):
            return errors.away(request)

    return guarded


def _leaver_of(token: str) -> Leaver | None:
    try:
        return leaving.leaver_of(token)
    except tokens.TokenError:
        return None


def _of_a_test(request: HttpRequest, token: str) -> HttpResponse | None:
    """What staff see who try the link of a test mail: it works, and takes nobody off a list."""
    try:
        if leaving.is_of_a_test(token):
            return frame.page(request, "give/mails/test.html")
    except tokens.TokenError:
        return None
    return None


def unknown(request: HttpRequest) -> HttpResponse:
    """No token of ours, or of a key that is gone: how to reach us instead."""
    if not limits.allow(request, "mail-token"):
        return frame.page(request, "give/mails/unknown.html", status=429)
    return frame.page(request, "give/mails/unknown.html", status=404)
