"""Who gets past the door of a view: log-in for all, a group for what changes things."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
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
