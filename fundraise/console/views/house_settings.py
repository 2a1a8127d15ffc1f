"""Settings with their meaning, and the legal entities with their books and accounts: to read."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.console import setting_rows
from fundraise.console.guard import only
from fundraise.console.shell import page
from fundraise.gifts import identity
from fundraise.ledger.models import LegalEntity
from fundraise.staff import rights


@require_GET
@only("settings.view")
def house_settings(request: HttpRequest) -> HttpResponse:
    """Every setting: what it means, how it stands, where it is set."""
    return page(
        request,
        "settings",
        _("Settings"),
        groups=list(setting_rows.groups()),
        amounts=sorted(settings.PRICE_BASE_AMOUNTS_ORE.items(), reverse=True),
        rules=[
            (date.fromisoformat(day), ", ".join(_kind(kind) for kind in kinds), ore)
            for day, kinds, ore in sorted(settings.IDENTITY_RULES, reverse=True)
        ],
    )


@require_GET
@only("settings.view")
def entities(request: HttpRequest) -> HttpResponse:
    """Every legal entity that one's role covers, with books, series and accounts."""
    mine = rights.entities(request.user, "settings.view")
    rows = LegalEntity.objects.filter(pk__in=mine).select_related("parent")
    related = rows.prefetch_related("accounts", "series", "accounts_with", "districts")
    today = clock.today()
    shown = [(row, _kind(row.kind), identity.threshold_ore(row, today)) for row in related]
    return page(request, "entities", _("Legal entities"), entities=shown, modes=settings.MODE)


def _kind(kind: str) -> str:
    return {
        "party": _("party"),
        "union": _("union"),
        "charity": _("charity"),
    }.get(kind, kind)
