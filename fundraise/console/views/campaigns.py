"""Campaigns: list, make, change. Every change goes through campaigns.services."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import clock
from fundraise.campaigns import services
from fundraise.campaigns.models import Campaign, Fund
from fundraise.console import access, campaign_ends, log_words, pictures, policy
from fundraise.console.forms import CampaignForm, NewCampaignForm
from fundraise.console.guard import only
from fundraise.console.shell import page
from fundraise.console.tables.campaigns import CAMPAIGNS, gifts_url
from fundraise.console.tables.page import list_page
from fundraise.language import SWEDISH
from fundraise.pictures import PictureError
from fundraise.providers import recurring, recurring_words
from fundraise.staff import rights

NEW_PREVIEW: tuple[str, dict[str, UUID]] = ("console:preview_new_campaign", {})
PICTURE_ERRORS: dict[str, str | Promise] = {
    "too_heavy": gettext_lazy("The picture is larger than 10 MB."),
    "too_large": gettext_lazy("The picture has too many pixels. Make it smaller first."),
    "no_picture": gettext_lazy("The file is no JPEG, PNG or WebP picture."),
}


@require_GET
@only("campaigns.view")
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign with what it has brought in, the newest first."""
    return list_page(request, CAMPAIGNS)


@require_http_methods(["GET", "POST"])
@only("campaigns.view", post="campaigns.change")
def campaign(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One campaign; comms may change it, others read it."""
    needed = "campaigns.change" if request.method == "POST" else "campaigns.view"
    every = Campaign.objects.select_related("thermometer", "entity", "fund")
    row = access.found(request, every, needed, ref=ref)
    if request.method == "POST":
        return _change(request, row)
    form = form_of(row, initial=_initial(row))
    return _form_page(request, form, row)


def form_of(row: Campaign, *sent: Any, **options: Any) -> CampaignForm:
    """The form of a campaign there is; once gifts stand in it, its fund is only shown."""
    mine = Fund.objects.filter(entity=row.entity_id)
    form = CampaignForm(
        *sent, funds=mine.filter(Q(put_away_at=None) | Q(pk=row.fund_id)), **options
    )
    if "fund" in form.fields and row.thermometer.gifts:
        field = form.fund_field
        field.disabled, field.initial = True, row.fund
        field.help_text = _("It stays: gifts have come for it.")
    return form


def _change(request: HttpRequest, row: Campaign) -> HttpResponse:
    form = form_of(row, request.POST, request.FILES)
    if form.is_valid() and _saved(request, form, row):
        messages.success(request, _("The campaign is saved."))
        return redirect("console:campaign", ref=row.ref)
    return _form_page(request, form, row, status=422)


def _monthly_missing(row: Campaign) -> list[str]:
    """What keeps monthly giving off the page, as sentences; nothing when a way is open."""
    if recurring.ways(row.entity_id):
        return []
    return [str(said) for said in recurring_words.sentences(recurring.missing(row.entity_id))]


def _saved(request: HttpRequest, form: CampaignForm, row: Campaign) -> bool:
    try:
        values = form.values() | _picture(form)
        services.update_campaign(row.pk, by=access.by(request), **values)
    except ValidationError as error:
        _show(form, error)
        return False
    return True


@require_http_methods(["GET", "POST"])
@only("campaigns.change")
def new_campaign(request: HttpRequest) -> HttpResponse:
    """A campaign that begins as a draft, or as what was chosen."""
    form = NewCampaignForm(
        request.POST or None,
        request.FILES or None,
        initial=_initial(None),
        entities=rights.entities(request.user, "campaigns.change"),
    )
    if request.method == "POST" and form.is_valid():
        made = _made(request, form)
        if made is not None:
            messages.success(request, _("The campaign is made."))
            return redirect("console:campaign", ref=made.ref)
    return _form_page(request, form, None, status=422 if form.is_bound else 200)


def _made(request: HttpRequest, form: NewCampaignForm) -> Campaign | None:
    chosen = {"entity": form.cleaned_data["entity"], "slug": form.cleaned_data["slug"]}
    try:
        values = form.values() | _picture(form)
        return services.create_campaign(by=access.by(request), **chosen, **values)
    except ValidationError as error:
        _show(form, error)
    return None


def _picture(form: CampaignForm) -> dict[str, str]:
    """The new picture's name, kept; an empty name takes the picture away."""
    upload = form.upload
    if upload is None:
        return {"picture": ""} if form.cleaned_data["remove_picture"] else {}
    try:
        return {"picture": pictures.keep(upload, upload.size or 0)}
    except PictureError as error:
        raise ValidationError({"picture": PICTURE_ERRORS[error.code]}) from None


def _show(form: CampaignForm, error: ValidationError) -> None:
    """Put the services' sentences at their fields."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, list(errors))


def _initial(row: Campaign | None) -> dict[str, Any]:
    source = row or Campaign()
    names = CampaignForm.base_fields.keys() - {"picture", "remove_picture", "fund"}
    return {name: getattr(source, name) for name in names} | ({"fund": row.fund} if row else {})


def _form_page(
    request: HttpRequest, form: CampaignForm, row: Campaign | None, *, status: int = 200
) -> HttpResponse:
    title = row.title(get_language() or SWEDISH) if row else _("New campaign")
    preview = ("console:preview_campaign", {"ref": row.ref}) if row else NEW_PREVIEW
    response = page(
        request,
        "campaign",
        title,
        status=status,
        entity=row.entity_id if row else None,
        form=form,
        campaign=row,
        changes=log_words.changes_of("campaign", row.ref) if row else None,
        gifts_url=gifts_url(row) if row else "",
        preview_url=reverse(preview[0], kwargs=preview[1]),
        monthly_missing=_monthly_missing(row) if row else [],
        stops=campaign_ends.of(row) if row else [],
        is_over=row is not None and row.is_over(clock.today()),
    )
    return policy.replace(response, policy.WITH_FRAME)
