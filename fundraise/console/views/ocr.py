"""An OCR number is issued, once, to a donor or for a monthly gift."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from donors.models import Donor
from fundraise.console import access, people
from fundraise.console.guard import action
from fundraise.console.views import pledges
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from fundraise.reconciliation import references
from fundraise.staff import rights

MAY = "references.issue"


@action(MAY)
def issue_to_donor(request: HttpRequest, ref: UUID) -> HttpResponse:
    """For an entity that is chosen; whoever has one keeps it."""
    donor = get_object_or_404(people.visible_donors(request), ref=ref)
    may = LegalEntity.objects.filter(pk__in=rights.entities(request.user, MAY))
    chosen = request.POST.get("entity", "")
    entity = get_object_or_404(may, pk=int(chosen) if chosen.isdecimal() else 0)
    _issue(request, entity, donor)
    return redirect("console:donor", ref=ref)


@action(MAY)
def issue_to_pledge(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What comes with it is for that monthly gift's campaign."""
    pledge = pledges.found(request, ref, MAY)
    if pledge.donor is None:
        messages.error(request, _("Nobody of the register is tied to the monthly gift yet."))
    else:
        _issue(request, pledge.entity, pledge.donor, pledge)
    return redirect("console:pledge", ref=ref)


def _issue(
    request: HttpRequest, entity: LegalEntity, donor: Donor, pledge: Pledge | None = None
) -> None:
    try:
        made = references.issue(entity, donor, pledge=pledge, by=access.by(request))
    except references.NumberRefused:
        messages.error(request, _("The donor was forgotten. Nothing was changed."))
    else:
        said = _("The OCR number is %(number)s. Its last digit is the check digit.")
        messages.success(request, said % {"number": made.number})
