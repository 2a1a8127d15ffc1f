"""A charity's year: control statements (KU65), cost share, what funds were used for."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from donors.cards import open_lines
from donors.models import Donor
from fundraise import clock
from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.party import refusals
from fundraise.console.party.charity_forms import (
    CostForm,
    InReturnForm,
    NumberForm,
    SpendForm,
)
from fundraise.console.people import visible_donors
from fundraise.console.shell import page
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.charity import in_return, numbers, rules, services, sums, workbook
from fundraise.reporting.charity.errors import CharityError
from fundraise.reporting.charity.models import ControlList, Cost, InReturn, NumberAsk
from fundraise.staff import rights

FIRST_YEAR, YEARS_BACK = 2020, 3
ON_A_PAGE = 50
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
    """One year; costs and what was used are entered here, one form at a time."""
    asked = "charity.change" if request.method == "POST" else "charity.view"
    entity = charity_of(request, ref, year, asked)
    sent = request.POST.get("what", "") if request.method == "POST" else ""
    made = _forms(request.POST, sent, entity)
    if sent in made and made[sent].is_valid():
        try:
            _DOORS[sent](request, made[sent], entity, year)
        except CharityError as error:
            made[sent].add_error(None, refusals.sentence(error.code))
        else:
            messages.success(request, _("It is entered."))
            return redirect("console:charity_year", ref=ref, year=year)
    wrong = next((form for form in made.values() if form.errors), None)
    found, without = sums.statements(entity.pk, year), sums.without_number(entity.pk, year)
    versions = ControlList.objects.filter(entity=entity, year=year).order_by("-version")
    share = sums.cost_share(entity, year)
    return page(
        request, "charity/year", f"{entity.name} {year}", entity=entity.pk, charity=entity,
        status=422 if wrong else 200, form=wrong, forms=made, year=year, limits=sums.limits(year),
        statements=len(found), total_ore=sum(ore // 100 * 100 for _donor, ore in found),
        without=len(without), without_ore=sum(ore for _donor, ore in without), share=share,
        share_text=f"{share.permille // 10},{share.permille % 10}",
        costs=Cost.objects.filter(entity=entity, year=year).order_by("-pk"),
        funds=sums.funds(entity.pk, year), due=rules.due_on(year),
        versions=versions.annotate(left=Count("left_out")), in_return=_noted(entity, year),
    )  # fmt: skip


def _forms(posted: QueryDict, sent: str, entity: LegalEntity) -> dict[str, forms.Form]:
    """Each form of the page; the one that was sent is filled in."""
    data = {name: posted if sent == name else None for name in _DOORS}
    return {
        "cost": CostForm(data["cost"], prefix="cost"),
        "spend": SpendForm(data["spend"], prefix="spend", entity=entity),
        "return": InReturnForm(data["return"], prefix="return", entity=entity),
    }


def _noted(entity: LegalEntity, year: int) -> QuerySet[InReturn]:
    span = (date(year, 1, 1), date(year, 12, 31))
    rows = InReturn.objects.filter(gift__entity=entity, gift__received_at__date__range=span)
    return rows.select_related("gift").order_by("-pk")


def _cost(request: HttpRequest, form: forms.Form, entity: LegalEntity, year: int) -> None:
    services.enter_cost(entity, year, by=access.by(request), **form.cleaned_data)


def _spend(request: HttpRequest, form: forms.Form, _entity: LegalEntity, _year: int) -> None:
    services.spend(services.Spent(**form.cleaned_data), by=access.by(request))


def _return(request: HttpRequest, form: forms.Form, _entity: LegalEntity, _year: int) -> None:
    in_return.note(by=access.by(request), **form.cleaned_data)


_DOORS: dict[str, Callable[[HttpRequest, forms.Form, LegalEntity, int], None]] = {
    "cost": _cost, "spend": _spend, "return": _return,
}  # fmt: skip


@action("charity.change", back="../../../")
def withdraw_cost(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Leave a cost out."""
    row = access.found(request, Cost.objects.select_related("entity"), "charity.change", ref=ref)
    _said(request, done=services.withdraw_cost(row, by=access.by(request)))
    return redirect("console:charity_year", ref=row.entity.ref, year=row.year)


@action("charity.change", back="../../../")
def withdraw_in_return(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The giver got nothing after all."""
    rows = InReturn.objects.select_related("gift__entity")
    row = access.found(request, rows, "charity.change", "gift__entity", ref=ref)
    _said(request, done=in_return.withdraw(row, by=access.by(request)))
    year = clock.local_date(row.gift.received_at or row.entered_at).year
    return redirect("console:charity_year", ref=row.gift.entity.ref, year=year)


def _said(request: HttpRequest, *, done: bool) -> None:
    if done:
        messages.success(request, _("It is withdrawn, and stays to be seen."))
    else:
        messages.info(request, _("It was withdrawn before."))


@require_GET
@only("charity.view")
def without_number(request: HttpRequest, ref: UUID, year: int) -> HttpResponse:
    """Who gave enough and is to be asked for a number; each look at a name is written down."""
    entity = charity_of(request, ref, year, "charity.view")
    found = sums.without_number(entity.pk, year)
    pages = Paginator(found, ON_A_PAGE)
    here = pages.get_page(request.GET.get("page"))
    ids = [donor for donor, _ore in here.object_list]
    people = {one.pk: one for one in Donor.objects.filter(pk__in=ids)}
    asks = NumberAsk.objects.filter(entity=entity, year=year, donor__in=ids)
    asked = {row.donor_id: row for row in asks}
    names: dict[int, str] = {}
    if rights.may(request.user, "donors.view", entity.pk):
        lines = open_lines(list(people.values()), by=access.by(request), purpose=numbers.PURPOSE)
        names = {line.pk: line.name for line in lines}
    return page(
        request, "charity/without", _("Without a number, %(year)s") % {"year": year},
        entity=entity.pk, charity=entity, year=year, pages=here, number=len(found),
        rows=[(people[pk], names.get(pk, ""), ore, asked.get(pk)) for pk, ore in here.object_list],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@only("charity.change")
def statement_number(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Keep the number that a giver told for the control statement, or take it away."""
    donor = get_object_or_404(_givers(request), ref=ref)
    form = NumberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            said = _number(donor, form.cleaned_data, access.by(request))
        except CharityError as error:
            form.add_error("number", refusals.sentence(error.code))
        else:
            messages.success(request, said)
            return redirect("console:statement_number", ref=ref)
    kept = donor.identities.filter(kind="personal_number", reason=numbers.PURPOSE).first()
    return page(
        request, "charity/number", _("Number for the control statement"),
        status=422 if form.errors else 200, form=form, donor=donor, kept=kept,
    )  # fmt: skip


def _givers(request: HttpRequest) -> QuerySet[Donor]:
    """Who has given to a charity of one's own."""
    gifts = Gift.objects.filter(entity__kind=LegalEntity.Kind.CHARITY, donor__isnull=False)
    mine = access.scope(request, gifts, "charity.change").values("donor")
    return visible_donors(request, "charity.change").filter(pk__in=mine)


def _number(donor: Donor, said: dict[str, Any], by: str) -> str:
    if not said["take_away"]:
        numbers.keep(donor, said["number"], by=by)
        return _("The number is kept for the control statement.")
    if numbers.take_away(donor, by=by):
        return _("The number is taken away.")
    return _("No number was kept for it. Nothing was changed.")


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
