"""The service's addresses and a view that only says ok, behind the same middleware."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def ok(_request: HttpRequest) -> HttpResponse:
    """The least that a view can do."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [path("bench/ok", ok), path("", include("fundraise.urls"))]
handler400 = "fundraise.give.errors.bad_request"
handler403 = "fundraise.give.errors.forbidden"
handler404 = "fundraise.give.errors.not_found"
handler500 = "fundraise.give.errors.server_error"
