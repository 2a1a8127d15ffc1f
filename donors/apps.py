from __future__ import annotations

from django.apps import AppConfig
from django.core import checks


class DonorsConfig(AppConfig):
    name = "donors"

    def ready(self) -> None:
        from donors.checks import legal_bases_are_known

        checks.register(legal_bases_are_known)
