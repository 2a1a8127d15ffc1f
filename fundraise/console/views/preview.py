"""The donation page of a campaign as its form stands now; nothing is saved."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from fundraise.campaigns import queries
from fundraise.campaigns.models import Campaign
from fundraise.console import access, policy
from fundraise.console.forms import CampaignForm, NewCampaignForm
from fundraise.console.guard import only
from fundraise.console.views.campaigns import form_of
from fundraise.language import ENGLISH, SWEDISH
from fundraise.ledger.models import LegalEntity
from fundraise.staff import rights

PERMISSION = "campaigns.change"


@require_POST
@xframe_options_sameorigin
@only(PERMISSION)
def preview(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A campaign there is, with what the form says now."""
    every = Campaign.objects.select_related("thermometer", "entity", "fund")
    row = access.found(request, every, PERMISSION, ref=ref)
    return _shown(request, row, form_of(row, request.POST))


@require_POST
@xframe_options_sameorigin
@only(PERMISSION)
def preview_new(request: HttpRequest) -> HttpResponse:
    """A campaign that is not made yet."""
    mine = rights.entities(request.user, PERMISSION)
    form = NewCampaignForm(request.POST, entities=mine)
    form.is_valid()
    entity = form.cleaned_data.get("entity")
    if entity is None:
        entity = get_object_or_404(LegalEntity.objects.filter(pk__in=mine).order_by("pk")[:1])
    slug = form.cleaned_data.get("slug") or "ny"
    row = Campaign(entity=entity, slug=slug, fund=queries.default_fund(entity))
    return _shown(request, row, form)


def _shown(request: HttpRequest, row: Campaign, form: CampaignForm) -> HttpResponse:
    form.is_valid()
    apart = {"picture", "remove_picture", "entity", "slug"}
    for name, value in form.cleaned_data.items():
        if name in form.fields and name not in apart and (name != "fund" or value):
            setattr(row, name, value)
    if form.cleaned_data.get("remove_picture"):
        row.picture = ""
    render = import_string(settings.CAMPAIGN_PREVIEW)
    response: HttpResponse = render(
        request,
        row,
        language=ENGLISH if request.POST.get("preview_language") == ENGLISH else SWEDISH,
        new_picture=bool(request.POST.get("preview_picture")),
        theme="dark" if request.POST.get("preview_theme") == "dark" else "light",
    )
    return policy.replace(response, policy.PREVIEW)
