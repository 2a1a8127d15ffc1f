from __future__ import annotations

from django.apps import AppConfig


class AttributionConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "mailings.attribution"
    label = "attribution"
