"""Donors: found by what is written in full, opened one at a time; every look is written down."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from donors import queries, services
from donors.errors import Unreadable
from donors.models import Donor
from donors.values import PostalAddress
from fundraise.console import access, people
from fundraise.console.forms import FindForm
from fundraise.console.guard import only
from fundraise.console.shell import page

MOST = 25
GIFTS_SHOWN = 50


@require_http_methods(["GET", "POST"])
@only("donors.view")
def donors(request: HttpRequest) -> HttpResponse:
    """The search; what is looked for is posted, so that no log or history keeps it."""
    form = FindForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = queries.page_of_donors(
            donors=queries.find_donors(form.cleaned_data["text"]) & people.visible_donors(request),
            by=access.by(request),
            purpose="staff.search",
            size=MOST,
        )
    return page(request, "donors", _("Donors"), form=form, found=found)


@require_GET
@only("donors.view")
def donor(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One donor, opened; the read log says who looked."""
    get_object_or_404(people.visible_donors(request), ref=ref)
    try:
        card = services.read_card(donor_ref=ref, by=access.by(request), purpose="staff.card")
    except Donor.DoesNotExist:
        raise Http404 from None
    except Unreadable:
        return page(request, "donor_sealed", _("Donor"), status=410)
    gifts = people.gifts_of(request, card.id)
    return page(
        request,
        "donor",
        _("Donor"),
        card=card,
        contacts=[(point, _lines(point.value)) for point in card.contact_points],
        gifts=gifts[:GIFTS_SHOWN],
    )


def _lines(value: str | PostalAddress) -> list[str]:
    """A contact point as lines."""
    if isinstance(value, str):
        return [value]
    return [*value.lines, f"{value.postcode} {value.city}"]
