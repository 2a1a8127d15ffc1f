"""Funds: what money is for. Every change goes through campaigns.services."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.campaigns import queries, services
from fundraise.campaigns.models import Fund
from fundraise.console import access, history, log_words
from fundraise.console.fund_forms import FundForm, NewFundForm
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.funds import FUNDS, campaigns_url, gifts_url, state_of
from fundraise.console.tables.page import list_page
from fundraise.console.templatetags.staff import named
from fundraise.staff import rights

VIEW, CHANGE = "campaigns.view", "campaigns.change"


@require_GET
@only(VIEW)
def funds(request: HttpRequest) -> HttpResponse:
    """Every fund with what came in for it."""
    return list_page(request, FUNDS)


@require_http_methods(["GET", "POST"])
@only(VIEW, post=CHANGE)
def fund(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One fund: its sums, its words, its months."""
    needed = CHANGE if request.method == "POST" else VIEW
    row = access.found(request, queries.funds_with_sums(), needed, ref=ref)
    words = {name: getattr(row, name) for name in FundForm.base_fields}
    form = FundForm(request.POST or None, initial=words)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_fund(row.pk, by=access.by(request), **form.values())
        except ValidationError as error:
            form.show(error)
        else:
            messages.success(request, _("The fund is saved."))
            return redirect("console:fund", ref=ref)
    return _page(request, row, form)


def _page(request: HttpRequest, row: Fund, form: FundForm) -> HttpResponse:
    return page(
        request,
        "fund",
        named(row),
        status=422 if form.errors else 200,
        entity=row.entity_id,
        fund=row,
        state=state_of(row),
        form=form,
        gifts_url=gifts_url(row),
        campaigns_url=campaigns_url(row),
        months=history.months(row.campaigns.values_list("pk", flat=True)),
        changes=log_words.changes_of("fund", row.ref),
    )


@require_http_methods(["GET", "POST"])
@only(CHANGE)
def new_fund(request: HttpRequest) -> HttpResponse:
    """Something more that money can be for."""
    form = NewFundForm(request.POST or None, entities=rights.entities(request.user, CHANGE))
    if request.method == "POST" and form.is_valid():
        entity = form.cleaned_data["entity"]
        try:
            made = services.create_fund(entity=entity, by=access.by(request), **form.values())
        except ValidationError as error:
            form.show(error)
        else:
            messages.success(request, _("The fund is made. Choose it in a campaign."))
            return redirect("console:fund", ref=made.ref)
    status = 422 if form.errors else 200
    return page(request, "fund", _("New fund"), status=status, form=form, fund=None)


@action(CHANGE)
def put_away(request: HttpRequest, ref: UUID) -> HttpResponse:
    """No campaign may choose it any more."""
    row = access.found(request, Fund.objects.all(), CHANGE, ref=ref)
    try:
        done = services.put_fund_away(row.pk, by=access.by(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = _("The fund is put away.") if done else _("It was put away before.")
        messages.success(request, said)
    return redirect("console:fund", ref=ref)


@action(CHANGE)
def take_out(request: HttpRequest, ref: UUID) -> HttpResponse:
    """It may be chosen again."""
    row = access.found(request, Fund.objects.all(), CHANGE, ref=ref)
    done = services.take_fund_out(row.pk, by=access.by(request))
    messages.success(
        request, _("The fund may be chosen again.") if done else _("It is in use already.")
    )
    return redirect("console:fund", ref=ref)
