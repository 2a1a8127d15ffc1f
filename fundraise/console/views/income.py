"""Income of monthly giving month by month, for an entity or a campaign."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access, giving_income
from fundraise.console.guard import only
from fundraise.console.shell import page
from fundraise.console.tables import filters
from fundraise.console.tables.page import list_page
from fundraise.console.tables.upgrades import UPGRADES
from fundraise.pledges.models import Pledge
from fundraise.staff import rights

CHOICES = (filters.campaign("pledges.view"), filters.entity("pledges.view"))


@require_GET
@only("pledges.view")
def income(request: HttpRequest) -> HttpResponse:
    """Drawn, recovered, failed, lost, new: twelve months."""
    held = rights.of(request.user)
    form = forms.Form(request.GET, auto_id="filter_%s")
    for one in CHOICES:
        field = one.field(held)
        if field is not None:
            form.fields[one.name] = field
    form.is_valid()
    rows = access.scope(request, Pledge.objects.all(), "pledges.view")
    for name in form.fields:
        if chosen := form.cleaned_data.get(name):
            rows = rows.filter(**{name: chosen})
    return page(
        request, "income", _("Income month by month"), form=form, income=giving_income.income(rows)
    )


@require_GET
@only("pledges.view")
def upgrades(request: HttpRequest) -> HttpResponse:
    """Monthly gifts whose givers may be asked for more, with a suggested sum."""
    return list_page(request, UPGRADES)
