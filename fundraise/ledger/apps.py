from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "fundraise.ledger"
    label = "ledger"

    def ready(self) -> None:
        post_migrate.connect(_grant, sender=self)


def _grant(*, using: str, **_kwargs: Any) -> None:
    from fundraise.ledger.grants import apply_grants

    apply_grants(connections[using])
