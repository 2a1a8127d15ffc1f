from __future__ import annotations

from django.apps import AppConfig


class VerifiedConfig(AppConfig):
    name = "mailings.verified"
    label = "verified"
