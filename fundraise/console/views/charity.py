"""A charity's year: control statements (KU65), the 90-konto's cost share, purposes."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import clock
from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.party import refusals
from fundraise.console.party.charity_forms import CostForm, PurposeForm, SpendForm
from fundraise.console.shell import page
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.charity import rules, services, sums, workbook
from fundraise.reporting.charity.models import ControlList, Cost
from fundraise.reporting.charity.services import CharityError

FIRST_YEAR, YEARS_BACK = 2020, 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@only("charity.view")
def charity(request: HttpRequest) -> HttpResponse:
    """Every charity's last years."""
    rows = LegalEntity.objects.filter(kind=LegalEntity.Kind.CHARITY).order_by("pk")
    this = clock.today().year
    shown = [
        (one, [(year, services.latest(one, year), rules.due_on(year))
               for year in range(this, this - YEARS_BACK, -1)])
        for one in access.scope(request, rows, "charity.view", "pk")
    ]  # fmt: skip
    return page(request, "charity/list", _("Charity"), rows=shown)


def charity_of(request: HttpRequest, ref: UUID, year: int, permission: str) -> LegalEntity:
    """One of them, for a year that can have statements; else it is not there."""
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    rows = LegalEntity.objects.filter(kind=LegalEntity.Kind.CHARITY)
    return access.found(request, rows, permission, "pk", ref=ref)


@require_http_methods(["GET", "HEAD", "POST"])
@only("charity.view", post="charity.change")
def charity_year(request: HttpRequest, ref: UUID, year: int) -> HttpResponse:
    """One year; costs, purposes and what was used are entered here, one form at a time."""
    asked = "charity.change" if request.method == "POST" else "charity.view"
    entity = charity_of(request, ref, year, asked)
    sent = request.POST.get("what", "") if request.method == "POST" else ""
    made: dict[str, forms.Form] = {
        "cost": CostForm(request.POST if sent == "cost" else None, prefix="cost"),
        "purpose": PurposeForm(
            request.POST if sent == "purpose" else None, prefix="purpose", entity=entity
        ),
        "spend": SpendForm(
            request.POST if sent == "spend" else None, prefix="spend", entity=entity
        ),
    }
    if sent in made and made[sent].is_valid():
        try:
            _DOORS[sent](request, made[sent], entity, year)
        except CharityError as error:
            made[sent].add_error(None, refusals.sentence(error.code))
        else:
            messages.success(request, _("It is entered."))
            return redirect("console:charity_year", ref=ref, year=year)
    wrong = next((form for form in made.values() if form.errors), None)
    found = sums.statements(entity.pk, year)
    number, left_out = sums.without_number(entity.pk, year)
    share = sums.cost_share(entity, year)
    return page(
        request, "charity/year", f"{entity.name} {year}", entity=entity.pk, charity=entity,
        status=422 if wrong else 200, form=wrong, forms=made, year=year, limits=sums.limits(year),
        statements=len(found), total_ore=sum(ore // 100 * 100 for _donor, ore in found),
        without=number, without_ore=left_out, share=share,
        share_text=f"{share.permille // 10},{share.permille % 10}",
        costs=Cost.objects.filter(entity=entity, year=year).order_by("-pk"),
        purposes=sums.purposes(entity.pk, year), due=rules.due_on(year),
        versions=ControlList.objects.filter(entity=entity, year=year).order_by("-version"),
    )  # fmt: skip


def _cost(request: HttpRequest, form: forms.Form, entity: LegalEntity, year: int) -> None:
    services.enter_cost(entity, year, by=access.by(request), **form.cleaned_data)


def _purpose(request: HttpRequest, form: forms.Form, entity: LegalEntity, _year: int) -> None:
    made = services.make_purpose(entity, form.cleaned_data["name"], by=access.by(request))
    if (campaign := form.cleaned_data["campaign"]) is not None:
        services.bind_campaign(campaign, made, by=access.by(request))
    if (gift := form.cleaned_data["gift"]) is not None:
        services.bind_gift(gift, made, by=access.by(request))


def _spend(request: HttpRequest, form: forms.Form, _entity: LegalEntity, _year: int) -> None:
    services.spend(services.Spent(**form.cleaned_data), by=access.by(request))


_DOORS: dict[str, Callable[[HttpRequest, forms.Form, LegalEntity, int], None]] = {
    "cost": _cost, "purpose": _purpose, "spend": _spend,
}  # fmt: skip


@action("charity.change", back="../../../")
def withdraw_cost(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Leave a cost out."""
    row = access.found(request, Cost.objects.select_related("entity"), "charity.change", ref=ref)
    if services.withdraw_cost(row, by=access.by(request)):
        messages.success(request, _("It is withdrawn, and stays to be seen."))
    else:
        messages.info(request, _("It was withdrawn before."))
    return redirect("console:charity_year", ref=row.entity.ref, year=row.year)


@action("charity.file", back="../")
def file_statements(request: HttpRequest, ref: UUID, year: int) -> HttpResponse:
    """Freeze the year's control statements."""
    entity = charity_of(request, ref, year, "charity.file")
    try:
        made = services.file_statements(entity, year, by=access.by(request))
    except CharityError as error:
        messages.error(request, refusals.sentence(error.code))
    else:
        said = _("%(n)s control statements are frozen as version %(version)s.")
        messages.success(request, said % {"n": made.number, "version": made.version})
    return redirect("console:charity_year", ref=ref, year=year)


@require_http_methods(["GET", "POST"])
@only("charity.file")
def statements_file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A version as a workbook with identity numbers; each of them stands in the read log."""
    rows = ControlList.objects.select_related("entity")
    filed = access.found(request, rows, "charity.file", ref=ref)
    made = io.BytesIO()
    workbook.write(made, filed, by=access.by(request))
    answer = HttpResponse(made.getvalue(), content_type=XLSX)
    name = f"ku65-{filed.entity.slug}-{filed.year}-v{filed.version}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
