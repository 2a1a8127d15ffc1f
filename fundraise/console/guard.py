"""Who gets past the door of a view: log-in for all, a right for what it shows or does.

A guard asks whether the right is held at all; a view shows only rows of the entities that it is
held for (access.scope), so that another entity's row is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urljoin

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fundraise.console.shell import page
from fundraise.staff import rights
from fundraise.staff.roles import PERMISSIONS

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


def action(permission: str, back: str = "../") -> Callable[[View[P]], View[P]]:
    """Something that is done: posted, and only with this right.

    Any other method leads back to the page it belongs to, where a person lands who had to log in
    again between the button and the act. Nothing is done then.
    """

    def decorate(view: View[P]) -> View[P]:
        inner = only(permission)(view)

        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return HttpResponseRedirect(urljoin(request.path, back))
            return inner(request, *args, **kwargs)

        return guarded

    return decorate


def only(permission: str) -> Callable[[View[P]], View[P]]:
    """Only with this right, for some entity at least; other staff get 403."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if rights.may_somewhere(request.user, permission):
                return view(request, *args, **kwargs)
            title = _("Not for your account")
            wanted = PERMISSIONS[permission]
            return page(request, "forbidden", title, status=403, wanted=wanted)

        return staff_page(guarded)

    return decorate
