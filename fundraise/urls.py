"""Who answers which address. Public pages are Swedish at `/` and English under `/en/`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("fundraise.ops.urls")),
    path("webhooks/", include("api.webhook_urls")),
    path("api/", include("api.urls")),
    path("", include("fundraise.console.urls")),
    path("", include("fundraise.console.log_in_urls")),
    path("", include("fundraise.give.urls")),
]

handler400 = "fundraise.give.errors.bad_request"
handler403 = "fundraise.give.errors.forbidden"
handler404 = "fundraise.give.errors.not_found"
handler500 = "fundraise.give.errors.server_error"
