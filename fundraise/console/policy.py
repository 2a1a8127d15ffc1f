"""What the browser is told of staff pages: our own files, a nonce and Alpine's eval, and to keep no
page, since they show donors and computers are shared."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL
from django.http import HttpRequest, HttpResponseBase

from fundraise.language import STAFF

DIRECTIVES = {
    "default-src": [NONE],
    "script-src": [SELF, NONCE, UNSAFE_EVAL],  # unfold's menus are Alpine expressions
    "style-src": [SELF, NONCE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "manifest-src": [SELF],
}


class StaffPolicyMiddleware:
    """Gives pages under /staff/ a policy of their own; stands inside django-csp's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(STAFF):
            response._csp_replace = DIRECTIVES  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
