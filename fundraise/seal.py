"""The environment seal: a copied database can neither charge nor mail.

The database knows which mode and address it belongs to. Whatever moves money or sends mail asks
`check()` first; when the settings say something else (a copy of the live database on a test
machine, test settings on the live one) it refuses until a person seals anew with
`manage.py seal_environment`.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings

from fundraise import clock

# In demo only the mode counts: the address follows a free port, and there is nobody to harm.
ADDRESS_COUNTS = frozenset({"test", "live"})


class SealBroken(RuntimeError):
    """The settings are not those that this database was sealed for."""


def check() -> None:
    """Raise SealBroken unless the settings are those of the seal. A demo seals itself."""
    sealed = _table().objects.filter(pk=1).first()
    if sealed is None:
        if settings.MODE != "demo":
            raise SealBroken("the database is not sealed: run manage.py seal_environment")
        seal()
        return
    if sealed.mode != settings.MODE:
        raise SealBroken(f"the database belongs to {sealed.mode} mode, not {settings.MODE}")
    if sealed.mode in ADDRESS_COUNTS and sealed.base_url != settings.BASE_URL:
        raise SealBroken(f"the database belongs to {sealed.base_url}, not {settings.BASE_URL}")


def seal() -> None:
    """Tie the database to the mode and address of the settings."""
    _table().objects.update_or_create(
        pk=1,
        defaults={
            "mode": settings.MODE,
            "base_url": settings.BASE_URL,
            "sealed_at": clock.real_now(),
        },
    )


def break_() -> None:
    """Take the seal off: a restored copy neither charges nor mails until a person seals it."""
    _table().objects.filter(pk=1).delete()


def is_open() -> bool:
    """Whether live gifts may begin: somebody opened the house here, by the go-live page.

    Play needs no opening, and what has begun is worked on whether the house is open or not.
    """
    if settings.MODE != "live":
        return True
    openings = apps.get_model("jobs", "HouseOpening")
    return bool(openings.objects.filter(base_url=settings.BASE_URL).exists())


def described() -> str:
    """The seal in words, for the command and the staff."""
    sealed = _table().objects.filter(pk=1).first()
    return f"{sealed.mode} at {sealed.base_url}" if sealed else "not sealed"


def _table() -> Any:
    # By name: the table lives in jobs, a layer above, and this module needs nothing else of it.
    return apps.get_model("jobs", "EnvironmentSeal")
