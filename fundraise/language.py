"""Which language a page speaks: the path says it, nothing else.

Swedish at `/`, English under `/en/`. No redirect by Accept-Language and no cookie, so that a link
means the same to whoever opens it. Staff pages may remember a choice in a cookie.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

SWEDISH = "sv"
ENGLISH = "en"
STAFF = "/staff/"


def language_of_path(path: str) -> str:
    """ "en" for `/en` and what lies under it, else "sv"."""
    return ENGLISH if path == "/en" or path.startswith("/en/") else SWEDISH


def _language_of(request: HttpRequest) -> str:
    if request.path_info.startswith(STAFF):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        return chosen if chosen in {SWEDISH, ENGLISH} else SWEDISH
    return language_of_path(request.path_info)


class UrlLanguageMiddleware:
    """Speaks the path's language for one request and says so in Content-Language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = _language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
