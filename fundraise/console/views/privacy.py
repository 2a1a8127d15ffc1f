"""Data protection: the register of processing, a donor's own copy, and forgetting for good."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from donors import services
from donors.errors import Unreadable
from fundraise.console import access, donor_forms, people
from fundraise.console.guard import action, only
from fundraise.console.privacy import export as exporting
from fundraise.console.privacy import facts
from fundraise.console.shell import page
from fundraise.console.views.donors import donor_page


@require_GET
@only("privacy.view")
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why and how long, with whom, who may look, and who was forgotten."""
    return page(
        request,
        "privacy",
        _("Data protection"),
        kept=facts.kept_now(),
        cap=facts.CAP,
        processors=facts.processors(),
        who_may=facts.who_may(),
        who_is=facts.who_is(),
        keys=facts.keys_in_use(),
        lookup_keys=facts.lookup_keys(),
        erasures=facts.erasures(),
        bases=[(purpose, bases) for purpose, bases in settings.LEGAL_BASES.items()],
    )


@action("donors.export")
def export(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The donor's own copy of everything, as JSON (Art. 15 and 20)."""
    donor = get_object_or_404(people.visible_donors(request, "donors.export"), ref=ref)
    form = donor_forms.ReasonForm(request.POST, prefix="export")
    if not form.is_valid():
        return donor_page(request, ref, status=422, export_form=form)
    try:
        content = exporting.everything_of(
            donor_ref=ref,
            gifts=people.gifts_of(request, donor.pk).select_related("entity", "campaign"),
            pledges=people.promises_of(request, donor.pk),
            appeals=people.appeals_of(request, "donors.view"),
            by=access.by(request),
            reason=form.cleaned_data["reason"],
        )
    except Unreadable:
        messages.error(request, _("The donor's key is missing, so nothing can be read."))
        return redirect("console:donor", ref=ref)
    name = f'attachment; filename="givare-{str(ref)[:8]}.json"'
    return HttpResponse(
        content, content_type="application/json", headers={"Content-Disposition": name}
    )


@action("donors.forget")
def forget(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Forget a donor for good (Art. 17); twice is harmless."""
    get_object_or_404(people.visible_donors(request, "donors.forget"), ref=ref)
    form = donor_forms.ForgetForm(request.POST, prefix="forget")
    if not form.is_valid():
        return donor_page(request, ref, status=422, forget_form=form)
    reason = form.cleaned_data["reason"]
    if services.forget_donor(donor_ref=ref, by=access.by(request), reason=reason):
        messages.success(request, _("The donor is forgotten for good."))
    else:
        messages.warning(request, _("The donor was forgotten before. Nothing was changed."))
    return redirect("console:donor", ref=ref)
