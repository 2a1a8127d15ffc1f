"""A second person's yes or no to a SIE file issued again, or a month opened again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from fundraise.console import access
from fundraise.console.guard import only
from fundraise.console.views.second import answer_page
from fundraise.reporting.books import reissuing
from fundraise.reporting.books.closing import reopening
from fundraise.staff.models import Approval

AGREE = "books.agree"


@require_http_methods(["GET", "POST"])
@only(AGREE)
def second(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One question of the books: what will happen, and the answer."""
    rows = Approval.objects.select_related("entity")
    mine = access.scope(request, rows, AGREE)
    row = get_object_or_404(mine, ref=ref, kind__in=[reissuing.KIND, reopening.KIND])
    return answer_page(request, row)
