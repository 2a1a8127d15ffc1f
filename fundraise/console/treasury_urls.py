"""Addresses of the treasurer's pages."""

from __future__ import annotations

from django.urls import path

from fundraise.console.views import treasury_day

urlpatterns = [
    path("staff/proof/", treasury_day.proof, name="day_proof"),
    path("staff/proof/run/", treasury_day.run, name="run_proof"),
]
