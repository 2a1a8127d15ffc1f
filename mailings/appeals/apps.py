from __future__ import annotations

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Asks to an audience: written, frozen, prepared, sent, settled."""

    name = "mailings.appeals"
    label = "appeals"
