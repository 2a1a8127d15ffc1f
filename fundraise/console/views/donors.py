"""Donors: found by what is written in full, opened one at a time; every look is written down."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from donors import merged, queries, services
from donors.cards import DonorCard
from donors.errors import Unreadable
from donors.values import PersonName, PostalAddress
from fundraise.console import access, donor_forms, donor_timeline, ocr, people, same_donor
from fundraise.console.forms import FindForm
from fundraise.console.guard import only
from fundraise.console.shell import page
from fundraise.console.tables.base import Viewer, choose
from fundraise.console.tables.donors import DONORS
from fundraise.console.views.receipts import YearForm
from fundraise.gifts.models import Gift
from fundraise.gifts.queries import STANDING_ORE
from fundraise.staff import rights

MOST = 25
GIFTS_SHOWN = 50


@require_http_methods(["GET", "POST"])
@only("donors.view")
def donors(request: HttpRequest) -> HttpResponse:
    """The search; what is looked for is posted, so that no log or history keeps it."""
    form = FindForm(request.POST or None)
    found, monthly = None, None
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        monthly = people.pledges_by_email(request, text)
        found = queries.page_of_donors(
            donors=queries.find_donors(text) & people.visible_donors(request),
            by=access.by(request),
            purpose="staff.search",
            size=MOST,
        )
    viewer = Viewer(rights.of(request.user), access.by(request))
    choices = choose(DONORS, viewer, {}).form
    return page(
        request, "donors", _("Donors"), form=form, found=found, monthly=monthly, choices=choices
    )


@require_GET
@only("donors.view")
def donor(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One donor, opened; the read log says who looked."""
    return donor_page(request, ref)


def donor_page(request: HttpRequest, ref: UUID, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a donor; `more` replaces a form that was wrong."""
    if (kept := merged.kept_for(ref)) is not None:
        return redirect("console:donor", ref=kept)
    row = get_object_or_404(people.visible_donors(request), ref=ref)
    try:
        card = services.read_card(donor_ref=ref, by=access.by(request), purpose="staff.card")
    except Unreadable:
        return page(request, "donor_sealed", _("Donor"), status=410)
    gifts, show = people.gifts_of(request, card.id), request.GET.get("show", "")
    monthly = people.pledges_of(request, card.id)
    context = {
        "card": card,
        "contacts": [(point, _lines(point.value)) for point in card.contact_points],
        "gifts": gifts[:GIFTS_SHOWN],
        "sums": _sums(gifts),
        "pledges": monthly,
        "events": donor_timeline.of_donor(card, gifts, monthly, people.appeals_of(request), show),
        "kinds": donor_timeline.KINDS,
        "show": show,
        "numbers": ocr.of_donor(request, card.id),
        "may_issue": list(ocr.without(request, row)),
        "statements": people.statements_of(request, card.id),
        "year_form": YearForm(cast(User, request.user)),
        "may_export": people.visible_donors(request, "donors.export").filter(ref=ref).exists(),
        "may_forget": people.visible_donors(request, "donors.forget").filter(ref=ref).exists(),
        "export_form": donor_forms.ReasonForm(prefix="export"),
        "forget_form": donor_forms.ForgetForm(prefix="forget"),
        "may_change": people.visible_donors(request, "donors.change").filter(ref=ref).exists(),
        "name_form": donor_forms.NameForm(card.kind, initial=_typed_name(card)),
        "contact_form": donor_forms.ContactForm(),
        "yes_form": donor_forms.consent_form(),
        "no_form": donor_forms.BasisForm(prefix="no"),
        "reason_form": donor_forms.ReasonForm(),
        "died_on": row.died_on,
        "no_contact_at": row.no_contact_at,
        "death_form": donor_forms.DeathForm(prefix="death", initial={"died_on": row.died_on}),
        "alike": same_donor.alike(request, row),
        "apart": same_donor.apart(request, row),
        "merges": same_donor.merges(row),
        "contact_end_form": donor_forms.ReasonForm(prefix="contact"),
    }
    return page(request, "donor", _("Donor"), status=status, **{**context, **more})


def _sums(gifts: QuerySet[Gift]) -> dict[str, Any]:
    """What the donor has given that still stands: how many gifts, how much, first and last."""
    received = gifts.filter(state=Gift.State.RECEIVED).order_by()
    return received.aggregate(
        number=Count("pk"),
        ore=Coalesce(Sum(STANDING_ORE), 0),
        first=Min("received_at"),
        last=Max("received_at"),
    )


def _typed_name(card: DonorCard) -> dict[str, str]:
    if isinstance(card.name, PersonName):
        return {"given": card.name.given, "family": card.name.family}
    return {"family": card.name.full} if card.name else {}


def _lines(value: str | PostalAddress) -> list[str]:
    """A contact point as lines."""
    if isinstance(value, str):
        return [value]
    return [*value.lines, f"{value.postcode} {value.city}"]
