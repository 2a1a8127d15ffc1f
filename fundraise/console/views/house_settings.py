"""Settings with their meaning: to read."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import setting_rows, words
from fundraise.console.guard import only
from fundraise.console.shell import page


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
            (
                date.fromisoformat(day),
                ", ".join(str(words.entity_kind(kind)) for kind in kinds),
                ore,
            )
            for day, kinds, ore in sorted(settings.IDENTITY_RULES, reverse=True)
        ],
    )
