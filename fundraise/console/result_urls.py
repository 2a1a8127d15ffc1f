"""The addresses of what appeals brought, on the staff pages; urls.py takes them in."""

from __future__ import annotations

from django.urls import path

from fundraise.console.views import appeal_results

urlpatterns = [
    path("staff/appeals/results/", appeal_results.all_results, name="appeal_results"),
    path("staff/appeals/<uuid:ref>/result/", appeal_results.result, name="appeal_result"),
    path("staff/appeals/<uuid:ref>/trial/", appeal_results.trial_of, name="appeal_trial"),
]
