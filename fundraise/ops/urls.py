"""The addresses that monitoring asks."""

from __future__ import annotations

from django.urls import include, path

from fundraise.ops import health
from fundraise.ops.metrics import views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("staff/go-live/", include("fundraise.ops.golive.urls")),
]
