from __future__ import annotations

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    """No tables of its own: an app, because workers find the tasks of apps alone."""

    name = "mailings.trials"
    label = "trials"
