"""What the treasurer enters for a year: sums, gifts in kind, cash collections, facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.party import refusals
from fundraise.console.party.forms import (
    CollectionForm,
    DepositForm,
    FactsForm,
    InKindForm,
    LineForm,
    RuleForm,
    SumForm,
    WithinForm,
)
from fundraise.console.people import visible_donors
from fundraise.console.shell import page
from fundraise.console.views.party import party_of
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party import bank_lines, collecting, entering, figures, ruling, words
from fundraise.reporting.party.errors import PartyError
from fundraise.reporting.party.models import CashCollection, GiftInKind, TypedSum, WithinParty

CHANGE = "party.change"
FORMS = ("sum", "kind", "collection", "facts", "within")


@require_http_methods(["GET", "HEAD", "POST"])
@only(CHANGE)
def enter(request: HttpRequest, ref: UUID, year: int) -> HttpResponse:
    """Forms and lists of a year; one form at a time is sent (`what`)."""
    entity = party_of(request, ref, year, CHANGE)
    sent = request.POST.get("what", "") if request.method == "POST" else ""
    made = {name: _form(request, name, entity, year, bound=name == sent) for name in FORMS}
    if sent in made and made[sent].is_valid():
        try:
            said = _DOORS[sent](request, made[sent], entity, year)
        except PartyError as error:
            made[sent].add_error(None, refusals.sentence(error.code))
        else:
            messages.success(request, said)
            return redirect("console:party_enter", ref=ref, year=year)
    wrong = next((form for form in made.values() if form.errors), None)
    return page(
        request, "party/enter", _("Enter for %(year)s") % {"year": year}, entity=entity.pk,
        status=422 if wrong else 200, party=entity, year=year, form=wrong, forms=made,
        **_lists(entity, year),
    )  # fmt: skip


def _form(
    request: HttpRequest, name: str, entity: LegalEntity, year: int, *, bound: bool
) -> forms.Form:
    data = request.POST if bound else None
    pre: dict[str, Any] = {"prefix": name}
    if name == "sum":
        return SumForm(data, **pre)
    if name == "kind":
        return InKindForm(data, donors=visible_donors(request), **pre)
    if name == "collection":
        return CollectionForm(data, entities=[entity.pk], **pre)
    if name == "within":
        return WithinForm(data, donors=visible_donors(request), **pre)
    facts = figures.facts_of(entity, year)
    initial = {"always_files": facts.always_files, "members": facts.members}
    return FactsForm(data, initial=initial, **pre)


def _sum(request: HttpRequest, form: forms.Form, entity: LegalEntity, year: int) -> str:
    typed = entering.SumTyped(entity=entity, year=year, **form.cleaned_data)
    entering.enter_sum(typed, by=access.by(request))
    return _("The sum is entered.")


def _kind(request: HttpRequest, form: forms.Form, entity: LegalEntity, _year: int) -> str:
    entering.enter_in_kind(
        entering.InKind(entity=entity, **form.cleaned_data), by=access.by(request)
    )
    return _("The gift in kind is entered.")


def _collection(request: HttpRequest, form: forms.Form, _entity: LegalEntity, _year: int) -> str:
    said = form.cleaned_data
    slip = collecting.Slip(
        campaign=said["campaign"], held_at=form.moment(), place=said["place"],  # type: ignore[attr-defined]
        amount_ore=said["amount_ore"], slip=said["slip"], counters=(said["first"], said["second"]),
    )  # fmt: skip
    collecting.enter_collection(slip, by=access.by(request))
    return _("The collection is entered and booked.")


def _facts(request: HttpRequest, form: forms.Form, entity: LegalEntity, year: int) -> str:
    entering.set_year(entity, year, by=access.by(request), **form.cleaned_data)
    return _("The year's facts are saved.")


def _within(request: HttpRequest, form: forms.Form, _entity: LegalEntity, _year: int) -> str:
    said = form.cleaned_data
    entering.mark_within(said["donor"], within=said["within"], by=access.by(request))
    return _("It is noted.")


_DOORS: dict[str, Callable[[HttpRequest, forms.Form, LegalEntity, int], str]] = {
    "sum": _sum, "kind": _kind, "collection": _collection, "facts": _facts, "within": _within,
}  # fmt: skip


def _lists(entity: LegalEntity, year: int) -> dict[str, Any]:
    typed = TypedSum.objects.filter(entity=entity, year=year).order_by("-pk")
    in_kind = GiftInKind.objects.filter(entity=entity, given_on__year=year).order_by("-pk")
    slips = CashCollection.objects.filter(entity=entity, held_at__year=year).order_by("-held_at")
    waiting = set(collecting.not_paid_in().filter(entity=entity).values_list("pk", flat=True))
    return {
        "typed": [(row, words.line(row.line)) for row in typed],
        "in_kind": in_kind.select_related("donor"),
        "slips": [(row, row.pk not in waiting) for row in slips],
        "within": WithinParty.objects.select_related("donor").order_by("marked_at"),
    }


@action(CHANGE, back="../../../")
def withdraw_sum(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Leave a typed sum out."""
    row = access.found(request, TypedSum.objects.select_related("entity"), CHANGE, ref=ref)
    _said(request, done=entering.withdraw_sum(row, by=access.by(request)))
    return redirect("console:party_enter", ref=row.entity.ref, year=row.year)


@action(CHANGE, back="../../../")
def withdraw_in_kind(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Leave a gift in kind out."""
    row = access.found(request, GiftInKind.objects.select_related("entity"), CHANGE, ref=ref)
    _said(request, done=entering.withdraw_in_kind(row, by=access.by(request)))
    return redirect("console:party_enter", ref=row.entity.ref, year=row.given_on.year)


def _said(request: HttpRequest, *, done: bool) -> None:
    if done:
        messages.success(request, _("It is withdrawn, and stays to be seen."))
    else:
        messages.info(request, _("It was withdrawn before."))


@require_http_methods(["GET", "HEAD", "POST"])
@only(CHANGE)
def slip(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One cash collection with who counted; the look is written down. POST ties the deposit."""
    rows = CashCollection.objects.select_related("entity", "campaign", "gift")
    row = access.found(request, rows, CHANGE, ref=ref)
    form = _deposit_form(request, row)
    if form.is_valid():
        try:
            _tie(form, row, access.by(request))
        except PartyError as error:
            form.add_error(None, refusals.sentence(error.code))
        else:
            messages.success(request, _("The collection has its deposit."))
            return redirect("console:party_slip", ref=ref)
    audit.log_read(by=access.by(request), subject_type="party_cashcollection",
                   subject_ref=row.ref, purpose="party.slip")  # fmt: skip
    return page(
        request, "party/slip", _("Cash collection"), entity=row.entity_id,
        status=422 if form.errors else 200, slip=row, form=form,
        counters=collecting.counters_of(row), year=clock.local_date(row.held_at).year,
        is_paid_in=not collecting.not_paid_in().filter(pk=row.pk).exists(),
    )  # fmt: skip


def _deposit_form(request: HttpRequest, row: CashCollection) -> DepositForm | LineForm:
    """One of the bank's lines, where a bank is followed here; else what the bank calls it."""
    data = request.POST if request.method == "POST" else None
    if not bank_lines.followed(row.entity_id):
        return DepositForm(data)
    others = collecting.not_paid_in().filter(entity=row.entity_id).exclude(pk=row.pk)
    lines = bank_lines.open_lines(row.entity_id, paid_in=True)
    return LineForm(data, lines=lines, others=others.order_by("held_at"))


def _tie(form: DepositForm | LineForm, row: CashCollection, by: str) -> None:
    if isinstance(form, LineForm):
        collecting.pay_in(form.refs(row.ref), form.cleaned_data["line"], by=by)
    else:
        collecting.note_deposit(row.ref, by=by, **form.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@only("party.view", post="party.rules")
def party_rules(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The entity's own rules, oldest last; a new one holds from a day on."""
    rows = LegalEntity.objects.filter(kind=LegalEntity.Kind.PARTY)
    asked = "party.rules" if request.method == "POST" else "party.view"
    entity = access.found(request, rows, asked, "pk", ref=ref)
    form = RuleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            ruling.set_rule(
                entity, said["from_date"], permille=said["anonymous_permille"],
                foreign=said["foreign"], reason=said["reason"], by=access.by(request),
            )  # fmt: skip
        except PartyError as error:
            form.add_error(None, refusals.sentence(error.code))
        else:
            messages.success(request, _("The rule is set."))
            return redirect("console:party_rules", ref=ref)
    today = clock.today()
    return page(
        request, "party/rules", _("Rules of %(name)s") % {"name": entity.name},
        entity=entity.pk, status=422 if form.errors else 200, party=entity, form=form,
        rules=entity.giving_rules.order_by("-from_date"),
        limits=ruling.limits_of(entity.pk, today.year),
        permille=ruling.permille_on(entity.pk, today),
    )  # fmt: skip
