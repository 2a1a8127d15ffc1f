"""Was a POST sent by our own page? Decided from what the browser itself says, without a cookie.

A browser tells where a request comes from: `Sec-Fetch-Site`, and for every POST `Origin`. A page of
somebody else can set neither. That is as strong as a CSRF cookie (OWASP counts both as primary
defences; Go's http.CrossOriginProtection works so) and leaves no trace of the visit to a party's
donation page in the browser. A request that carries none of the three comes from no browser, so no
visitor can be used by it; the signed form token is still asked of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_own(request: HttpRequest) -> bool:
    """True unless the browser says that the request was sent by another site's page."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin in {_own_origin(request), *settings.CSRF_TRUSTED_ORIGINS}
    referer = request.headers.get("Referer")
    return referer is None or urlsplit(referer).netloc == request.get_host()


def _own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def own_posts_only(refusal: View[[]]) -> Callable[[View[P]], View[P]]:
    """Decorates a view: a POST from another site's page gets the refusal instead."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST" and not is_own(request):
                return refusal(request)
            return view(request, *args, **kwargs)

        return csrf_exempt(guarded)

    return decorate
