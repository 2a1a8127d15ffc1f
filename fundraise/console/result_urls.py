"""The addresses of what appeals brought, on the staff pages; urls.py takes them in."""

from __future__ import annotations

from django.urls import path

from fundraise.console.views import appeal_results, source_codes, watching

urlpatterns = [
    path("staff/appeals/results/", appeal_results.all_results, name="appeal_results"),
    path("staff/appeals/<uuid:ref>/result/", appeal_results.result, name="appeal_result"),
    path("staff/appeals/<uuid:ref>/trial/", appeal_results.trial_of, name="appeal_trial"),
    path("staff/campaigns/<uuid:ref>/told/", watching.watchers, name="watchers"),
    path("staff/tasks/<uuid:ref>/done/", watching.do_task, name="task_done"),
    path("staff/codes/", source_codes.source_codes, name="source_codes"),
    path("staff/codes/<uuid:ref>/", source_codes.source_code, name="source_code"),
    path("staff/codes/<uuid:ref>/qr/", source_codes.qr, name="source_code_qr"),
    path("staff/codes/<uuid:ref>/close/", source_codes.close_code, name="close_source_code"),
]
