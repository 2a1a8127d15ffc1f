from __future__ import annotations

from django.apps import AppConfig


class CharityConfig(AppConfig):
    name = "fundraise.reporting.charity"
    label = "charity"
