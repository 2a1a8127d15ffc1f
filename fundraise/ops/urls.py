"""The addresses that monitoring asks."""

from __future__ import annotations

from django.urls import include, path

from fundraise.ops import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("staff/go-live/", include("fundraise.ops.golive.urls")),
]
