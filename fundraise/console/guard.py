"""Who gets past the door of a view: log-in for all, a right for what it shows or does.

A guard asks whether the right is held at all; a view shows only rows of the entities that it is
held for (access.scope), so that another entity's row is not there. Each guard writes on the view
what it asks for (`permissions`: method -> permission), and console/entries.py reads the matrix of
docs/permissions.md from there. A dangerous right asks
once more who is there (sudo.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urljoin

from django.contrib import admin
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from fundraise.console import sudo
from fundraise.console.shell import page
from fundraise.staff import factors, rights
from fundraise.staff.entries import ANYBODY
from fundraise.staff.roles import PERMISSIONS

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff_page(view: View[P]) -> View[P]:
    """Only for staff who are logged in and showed a second factor in this very session.

    Who has none is led to set one up. A session that began with a password alone, before a factor
    was set up elsewhere, ends. Never cached.
    """

    @wraps(view)
    def complete(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not factors.has_one(cast("User", request.user)):
            return HttpResponseRedirect(reverse("console:second_factor"))
        if not sudo.second_shown(request):
            logout(request)
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return logged_in(complete)


def logged_in(view: View[P]) -> View[P]:
    """Only for staff who are logged in, with a second factor or on the way to one."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        inner: Callable[..., Any] = admin.site.admin_view(view)
        response: HttpResponse = inner(request, *args, **kwargs)
        return response

    return _declared(guarded, GET=ANYBODY, POST=ANYBODY)


def _declared(view: View[P], **permissions: str) -> View[P]:
    view.permissions = permissions  # type: ignore[attr-defined]
    return view


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

        return _declared(guarded, POST=permission)

    return decorate


def only(permission: str, *, post: str = "") -> Callable[[View[P]], View[P]]:
    """Only with this right (`post`: what sending the page's form needs); other staff get 403."""
    asked = {"GET": permission, "POST": post or permission}
    for name in asked.values():
        PERMISSIONS[name]

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            wanted = asked.get(str(request.method), permission)
            if not rights.may_somewhere(request.user, wanted):
                return refused(request, wanted)
            again = sudo.asked(request) if PERMISSIONS[wanted].dangerous else None
            return again or view(request, *args, **kwargs)

        return _declared(staff_page(guarded), **asked)

    return decorate


def may_open(request: HttpRequest, address: str) -> bool:
    """Whether a page of ours opens for who asks, by what its own guard wants."""
    wanted = getattr(resolve(address).func, "permissions", {}).get("GET", ANYBODY)
    return wanted == ANYBODY or rights.may_somewhere(request.user, wanted)


def refused(request: HttpRequest, permission: str) -> HttpResponse:
    """The page that says which right is missing."""
    wanted = PERMISSIONS[permission]
    return page(request, "forbidden", _("Not for your account"), status=403, wanted=wanted)
