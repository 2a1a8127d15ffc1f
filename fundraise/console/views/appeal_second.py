"""A second person's yes or no to an appeal."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from fundraise.console.appeals import doors
from fundraise.console.appeals.doors import APPROVE
from fundraise.console.guard import only
from fundraise.console.views.second import answer_page
from fundraise.staff.models import Approval


@require_http_methods(["GET", "POST"])
@only(APPROVE)
def second(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The newest question about an appeal: what will happen, and the answer."""
    appeal = doors.found(request, ref, APPROVE)
    asked = Approval.objects.select_related("entity").filter(kind="appeal", subject_ref=appeal.ref)
    row = asked.order_by("-pk").first()
    if row is None:
        raise Http404
    return answer_page(request, row)
