"""A second person's yes or no to other numbers of an account, to a rule, to an undoing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from fundraise.console import access
from fundraise.console.guard import only
from fundraise.console.views.second import answer_page
from fundraise.staff.models import Approval


def _asked(request: HttpRequest, ref: UUID, kind: str, permission: str) -> Approval:
    rows = Approval.objects.select_related("entity").filter(kind=kind)
    return access.found(request, rows, permission, ref=ref)


@require_http_methods(["GET", "POST"])
@only("bank_accounts.agree")
def numbers_second(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Other numbers of a bank account."""
    return answer_page(request, _asked(request, ref, "bank_account", "bank_accounts.agree"))


@require_http_methods(["GET", "POST"])
@only("matches.agree")
def matching_second(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A rule of matching, or an undoing in a closed month."""
    return answer_page(request, _asked(request, ref, "matching", "matches.agree"))
