"""A donor has died, or wants no contact at all: noted, and monthly gifts end with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import services
from donors.errors import DonorError
from donors.models import Donor
from fundraise.console import access, people
from fundraise.console.donor_forms import DeathForm, ReasonForm
from fundraise.console.guard import action
from fundraise.console.views.donors import donor_page

MAY = "donors.change"
NO_DAY = gettext_lazy("Write the day of death.")
NOT_DONE = gettext_lazy("That can't be noted of this donor. Nothing was changed.")


def _donor(request: HttpRequest, ref: UUID) -> Donor:
    return get_object_or_404(people.visible_donors(request, MAY), ref=ref)


@action(MAY)
def death(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The day of death, or that it was a mistake."""
    row, by = _donor(request, ref), access.by(request)
    form = DeathForm(request.POST, prefix="death")
    lives = request.POST.get("do") == "lives"
    if form.is_valid():
        said = form.cleaned_data
        if not lives and not said["died_on"]:
            form.add_error("died_on", str(NO_DAY))
        else:
            try:
                if lives:
                    services.withdraw_death(donor_id=row.pk, by=by, reason=said["reason"])
                    messages.success(request, _("It is taken back. What had ended stays ended."))
                else:
                    services.record_death(
                        donor_id=row.pk, died_on=said["died_on"], by=by, reason=said["reason"]
                    )
                    messages.success(request, _("The death is noted. Monthly gifts end."))
                return redirect("console:donor", ref=ref)
            except DonorError:
                form.add_error(None, str(NOT_DONE))
    return donor_page(request, ref, status=422, death_form=form)


@action(MAY)
def no_contact(request: HttpRequest, ref: UUID) -> HttpResponse:
    """No contact at all, or contact again by the donor's own word."""
    row, by = _donor(request, ref), access.by(request)
    form = ReasonForm(request.POST, prefix="contact")
    if form.is_valid():
        why = form.cleaned_data["reason"]
        try:
            if request.POST.get("do") == "allow":
                services.allow_contact(donor_id=row.pk, by=by, reason=why)
                messages.success(request, _("The donor may be contacted again."))
            else:
                services.refuse_contact(donor_id=row.pk, by=by, reason=why)
                messages.success(request, _("It is noted. Nothing is sent any more."))
            return redirect("console:donor", ref=ref)
        except DonorError:
            form.add_error(None, str(NOT_DONE))
    return donor_page(request, ref, status=422, contact_end_form=form)
