"""The addresses that monitoring asks."""

from __future__ import annotations

from django.urls import path

from fundraise.ops import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
