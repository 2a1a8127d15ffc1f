"""Who gets past the door of a view: log-in for all, a group for what changes things."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urljoin

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fundraise.console import access
from fundraise.console.shell import page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff_page(view: View[P]) -> View[P]:
    """Only for staff who are logged in; others are shown the log-in. Never cached."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        inner: Callable[..., Any] = admin.site.admin_view(view)
        response: HttpResponse = inner(request, *args, **kwargs)
        return response

    return guarded


def action(*groups: str, back: str = "../") -> Callable[[View[P]], View[P]]:
    """Something that is done: posted, and only by these groups.

    Any other method leads back to the page it belongs to, where a person lands who had to log in
    again between the button and the act. Nothing is done then.
    """

    def decorate(view: View[P]) -> View[P]:
        inner = only(*groups)(view)

        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return HttpResponseRedirect(urljoin(request.path, back))
            return inner(request, *args, **kwargs)

        return guarded

    return decorate


def only(*groups: str) -> Callable[[View[P]], View[P]]:
    """Only for these groups; other staff get 403."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if access.may(request.user, *groups):
                return view(request, *args, **kwargs)
            title = _("Not for your account")
            return page(request, "forbidden", title, status=403, groups=groups)

        return staff_page(guarded)

    return decorate
