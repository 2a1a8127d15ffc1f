"""What donor care changes about a donor: each a posted act through the donors' own doors."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import queries, services
from donors.errors import DonorError
from donors.models import ContactPoint, Donor
from fundraise.console import access, people
from fundraise.console.actions import noon
from fundraise.console.donor_forms import (
    BasisForm,
    ContactForm,
    NameForm,
    ReasonForm,
    consent_form,
)
from fundraise.console.guard import action
from fundraise.console.views.donors import donor_page

MAY = "donors.change"
REFUSALS: dict[str, str | Promise] = {
    "email_invalid": gettext_lazy("Write the e-mail address in full, such as anna@example.se."),
    "phone_invalid": gettext_lazy("Write the phone number in full, such as 070-123 45 67."),
    "postcode_invalid": gettext_lazy("A Swedish postcode has five digits."),
    "postal_incomplete": gettext_lazy("Write street address, postcode and town."),
    "name_missing": gettext_lazy("Write a name."),
    "donor_erased": gettext_lazy("The donor was forgotten. Nothing was changed."),
    "no_such_contact_point": gettext_lazy("It was taken away before. Nothing was changed."),
}


def _donor(request: HttpRequest, ref: UUID) -> Donor:
    return get_object_or_404(people.visible_donors(request, MAY), ref=ref)


def _sentence(error: DonorError) -> str:
    return str(REFUSALS.get(error.code) or _("That can't be used. Nothing was changed."))


def _done(
    request: HttpRequest, ref: UUID, form: Form, name: str, act: Callable[[], str]
) -> HttpResponse:
    """Do it and go back to the donor, or show the page with the form that was wrong."""
    if form.is_valid():
        try:
            messages.success(request, act())
            return redirect("console:donor", ref=ref)
        except DonorError as error:
            form.add_error(None, _sentence(error))
    return donor_page(request, ref, status=422, **{name: form})


@action(MAY)
def rename(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Correct the name."""
    row = _donor(request, ref)
    form = NameForm(row.kind, request.POST)

    def act() -> str:
        services.rename_donor(
            donor_id=row.pk,
            name=form.name(),
            by=access.by(request),
            reason=form.cleaned_data["reason"],
        )
        return _("The name is corrected.")

    return _done(request, ref, form, "name_form", act)


@action(MAY)
def add_contact(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Add an e-mail address, a phone number or a postal address."""
    row, form = _donor(request, ref), ContactForm(request.POST)

    def act() -> str:
        services.add_contact_point(
            donor_id=row.pk,
            kind=form.cleaned_data["kind"],
            value=form.contact(),
            source="staff",
            by=access.by(request),
        )
        return _("It is added.")

    return _done(request, ref, form, "contact_form", act)


@action(MAY, back="../../../")
def change_contact(request: HttpRequest, ref: UUID, key: int) -> HttpResponse:
    """Use a contact point first, or take it away."""
    row, by = _donor(request, ref), access.by(request)
    get_object_or_404(ContactPoint, pk=key, donor=row)
    try:
        if request.POST.get("do") == "remove":
            services.remove_contact_point(contact_point_id=key, by=by)
            messages.success(request, _("It is taken away."))
        else:
            services.make_primary(contact_point_id=key, by=by)
            messages.success(request, _("It is used first from now on."))
    except DonorError as error:
        messages.error(request, _sentence(error))
    return redirect("console:donor", ref=ref)


@action(MAY)
def say_yes(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Note a consent that was given on paper, by phone or at a meeting."""
    row, form = _donor(request, ref), consent_form(request.POST)

    def act() -> str:
        said = form.cleaned_data
        wording = queries.current_wording(said["purpose"], said["given_on"])
        if wording is None:
            raise DonorError("no_wording")
        services.give_consent(
            donor_id=row.pk,
            wording=wording,
            source=f"staff:{said['source']}",
            proof=said["proof"],
            given_at=noon(said["given_on"]),
            by=access.by(request),
        )
        return _("The yes is noted.")

    return _done(request, ref, form, "yes_form", act)


@action(MAY)
def say_no(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Note that somebody said no; it holds at once, whatever ground there was."""
    row, form = _donor(request, ref), BasisForm(request.POST, prefix="no")

    def act() -> str:
        said = form.cleaned_data
        services.object_to(
            donor_id=row.pk,
            purpose=said["purpose"],
            source=f"staff:{said['source']}",
            by=access.by(request),
        )
        return _("The no is noted. It holds from now on.")

    return _done(request, ref, form, "no_form", act)


@action(MAY)
def restrict(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Keep the donor and use nothing of it, or use it again (GDPR Art. 18)."""
    row, form = _donor(request, ref), ReasonForm(request.POST)

    def act() -> str:
        by, why = access.by(request), form.cleaned_data["reason"]
        if request.POST.get("do") == "release":
            services.release_donor(donor_id=row.pk, by=by, reason=why)
            return _("The donor may be used again.")
        services.restrict_donor(donor_id=row.pk, by=by, reason=why)
        return _("The donor is kept, and nothing is sent to it.")

    return _done(request, ref, form, "reason_form", act)
