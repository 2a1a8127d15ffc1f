from __future__ import annotations

from django.apps import AppConfig


class PartyConfig(AppConfig):
    name = "fundraise.reporting.party"
    label = "party"
