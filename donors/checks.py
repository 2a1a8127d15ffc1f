"""What `manage.py check` asks of the settings of this package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

from donors.models import LegalBasis


def legal_bases_are_known(
    *, app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """A misspelt basis would silently lose everybody who stands on it."""
    known = set(LegalBasis.Basis.values)
    return [
        Error(
            f"LEGAL_BASES[{purpose!r}] names {', '.join(sorted(unknown))}",
            hint=f"Use {', '.join(sorted(known))}.",
            id="donors.E001",
        )
        for purpose, bases in settings.LEGAL_BASES.items()
        if (unknown := set(bases) - known)
    ]
