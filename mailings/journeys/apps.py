from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """Mails that follow an event in a donor's life, step by step."""

    name = "mailings.journeys"
    label = "journeys"
