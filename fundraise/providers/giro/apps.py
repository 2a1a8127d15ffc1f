from __future__ import annotations

from django.apps import AppConfig


class GiroConfig(AppConfig):
    name = "fundraise.providers.giro"
    label = "giro"
