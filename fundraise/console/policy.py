"""What the browser is told of staff pages: our own files, a nonce and Alpine's eval, and to keep no
page, since they show donors and computers are shared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from fundraise.language import STAFF

Directives = dict[str, list[Any]]

DIRECTIVES: Directives = {
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


# The page that holds a preview, and the preview itself: the real donation page in a frame of ours.
WITH_FRAME: Directives = {**DIRECTIVES, "frame-src": [SELF]}
PREVIEW: Directives = {
    **DIRECTIVES,
    "script-src": [NONCE],
    "connect-src": [NONE],
    "img-src": [SELF, "data:", "blob:"],  # a picture that is chosen and not sent yet
    "form-action": [NONE],  # whatever is pressed in it, nothing is sent
    "frame-ancestors": [SELF],
}


def replace(response: HttpResponse, directives: Directives) -> HttpResponse:
    """Give one staff page another policy than the others."""
    response._staff_policy = directives  # type: ignore[attr-defined]
    return response


class StaffPolicyMiddleware:
    """Gives pages under /staff/ a policy of their own; stands inside django-csp's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(STAFF):
            chosen = getattr(response, "_staff_policy", DIRECTIVES)
            response._csp_replace = chosen  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
