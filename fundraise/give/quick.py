"""A kept thermometer is answered before anything else is done with the request.

Many thousands of pages elsewhere ask for the same few numbers twice a minute. Sessions, languages,
messages and a log line would be most of what such an answer costs, and it needs none of them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from fundraise.give import kept

ENDINGS = ("/thermometer.json", "/thermometer.svg", "/thermometer-dark.svg")


class QuickAnswerMiddleware:
    """Stands just inside SecurityMiddleware, which redirects to https and says nosniff."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"} and request.path_info.endswith(ENDINGS):
            answer = kept.find(request)
            if answer is not None:
                return kept.give(request, answer)
        return self.get_response(request)
