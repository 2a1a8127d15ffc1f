"""Who changed what, and who looked at whom: to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fundraise.console.guard import only
from fundraise.console.tables.log import CHANGE_LOG, READ_LOG
from fundraise.console.tables.page import list_page


@require_GET
@only("log.view")
def log(request: HttpRequest) -> HttpResponse:
    """Every change, the newest first."""
    return list_page(request, CHANGE_LOG)


@require_GET
@only("log.view")
def reads(request: HttpRequest) -> HttpResponse:
    """Every look at somebody's data, the newest first."""
    return list_page(request, READ_LOG)
