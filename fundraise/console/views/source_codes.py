"""Codes for print: the list, a new one, and one with its link and QR code."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.campaigns.models import Campaign
from fundraise.console import access
from fundraise.console.appeals.forms import CampaignChoice
from fundraise.console.fields import names_nobody
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.codes import CODES
from fundraise.console.tables.page import list_page
from fundraise.staff import rights
from mailings.attribution import codes
from mailings.attribution.errors import AttributionError
from mailings.attribution.models import SourceCode

VIEW, WRITE = "appeals.view", "appeals.write"
REFUSED = {
    "code_form": (
        "code",
        gettext_lazy("Write 2 to 20 letters, digits, - or _, beginning with a letter or digit."),
    ),
    "code_taken": ("code", gettext_lazy("The code is in use. Choose another one.")),
    "label_missing": ("label", gettext_lazy("Write where it is printed.")),
}


class CodeForm(forms.Form):
    """A code, where it is printed, and for which campaign."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("Short and easy to read aloud. It can never be changed."),
    )
    label = forms.CharField(
        label=gettext_lazy("Where it is printed"), max_length=90, validators=[names_nobody]
    )
    medium = forms.ChoiceField(label=gettext_lazy("Printed on"), choices=SourceCode.Medium.choices)
    campaign = CampaignChoice(
        label=gettext_lazy("For the campaign"),
        queryset=Campaign.objects.none(),
        empty_label=gettext_lazy("Choose …"),
    )

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        super().__init__(*args, **options)
        mine = Campaign.objects.filter(entity__in=entities).order_by("-pk")
        self.fields["campaign"].queryset = mine  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@only(VIEW, post=WRITE)
def source_codes(request: HttpRequest) -> HttpResponse:
    """Every code with what it brought; the form makes one more."""
    form = CodeForm(request.POST or None, entities=rights.entities(request.user, WRITE))
    if request.method == "POST" and form.is_valid():
        try:
            made = codes.new_code(by=access.by(request), **form.cleaned_data)
        except AttributionError as error:
            field, said = REFUSED[error.code]
            form.add_error(field, said)
        else:
            messages.success(request, _("The code is made. Print its link or its QR code."))
            return redirect("console:source_code", ref=made.ref)
    answer = list_page(request, CODES, form=form)
    answer.status_code = 422 if form.is_bound else answer.status_code
    return answer


def _found(request: HttpRequest, ref: UUID, permission: str) -> SourceCode:
    every = SourceCode.objects.select_related("campaign__entity")
    return access.found(request, every, permission, "campaign__entity", ref=ref)


@require_GET
@only(VIEW)
def source_code(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One code: its links in both languages and its QR code."""
    row = _found(request, ref, VIEW)
    return page(
        request,
        "appeals/code",
        row.code,
        entity=row.campaign.entity_id,
        code=row,
        link_sv=codes.link(row.campaign, row.code, "sv"),
        link_en=codes.link(row.campaign, row.code, "en"),
    )


@require_GET
@only(VIEW)
def qr(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The QR code of its Swedish link, as a picture for any printer."""
    row = _found(request, ref, VIEW)
    answer = HttpResponse(
        codes.qr_svg(codes.link(row.campaign, row.code)), content_type="image/svg+xml"
    )
    if "save" in request.GET:
        answer["Content-Disposition"] = f'attachment; filename="qr-{row.code}.svg"'
    return answer


@action(WRITE)
def close_code(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Staff no longer use it; what is printed goes on counting."""
    row = _found(request, ref, WRITE)
    if codes.close_code(row.ref, by=access.by(request)):
        messages.success(request, _("The code is closed. What is printed goes on counting."))
    return redirect("console:source_code", ref=ref)
