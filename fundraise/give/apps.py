from __future__ import annotations

from django.apps import AppConfig


class GiveConfig(AppConfig):
    name = "fundraise.give"
    label = "give"
