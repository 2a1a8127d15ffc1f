"""Who may see a page of My pages: whoever has logged in. No session of staff counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from fundraise import clock
from fundraise.give import errors
from fundraise.give.mine import door, frame, visits
from fundraise.give.mine.people import Person
from fundraise.give.origin import own_posts_only
from fundraise.limits import services as limits

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
OwnView = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]
AWAY = (OperationalError, InterfaceError)


def public(view: View[P]) -> View[P]:
    """A page for anybody: GET, and POST from our own pages; said calmly when we are away."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AWAY:
            return errors.away(request)

    return require_http_methods(["GET", "HEAD", "POST"])(
        own_posts_only(errors.csrf_failure)(guarded)
    )


def donors_only(view: OwnView[P]) -> View[P]:
    """A page for whoever has logged in; the others are asked to, and nothing of theirs is lost."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        here = visits.find(request)
        if here is None:
            return door.shut(request)
        if request.method == "POST":
            if not limits.take("mine-change", here.address.casefold(), clock.real_now()):
                return frame.page(request, "give/mine/many.html", status=429, logged_in=True)
            here = visits.turned(here)
        response = view(request, Person(here.address), *args, **kwargs)
        visits.hand_over(response, here)
        return response

    return public(opened)
