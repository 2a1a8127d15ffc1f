"""What is held back, foreign money to look at, and givers who were asked: the days left to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import clock
from fundraise.console import access
from fundraise.console.guard import only
from fundraise.console.party import refusals
from fundraise.console.party.forms import LineForm, PaidOverForm, WhyForm
from fundraise.console.shell import page
from fundraise.gifts.refunds import RefundError
from fundraise.reporting.party import bank_lines, foreign, holding, paying_over
from fundraise.reporting.party.errors import PartyError
from fundraise.reporting.party.models import ForeignLook, Hold, IdentityAsk

CHANGE = "party.change"
CLOSED_SHOWN = 30


@require_GET
@only("party.view")
def held(request: HttpRequest) -> HttpResponse:
    """Three lists: held, foreign, asked. Those that are settled stand below."""
    holds = access.scope(request, Hold.objects.select_related("gift", "entity"), "party.view")
    looks = access.scope(
        request, ForeignLook.objects.select_related("gift", "entity"), "party.view"
    )
    asks = access.scope(
        request, IdentityAsk.objects.select_related("gift", "entity", "donor"), "party.view"
    )
    today = clock.today()
    waiting = holds.filter(state__in=holding.OPEN).order_by("repay_by", "pk")
    done = holds.exclude(state__in=holding.OPEN).exclude(pk__in=paying_over.without_line())
    return page(
        request, "party/held", _("What is held back"),
        holds=[(row, (row.repay_by - today).days) for row in waiting],
        paid=holds.filter(pk__in=paying_over.without_line()).order_by("closed_at"),
        closed=done.order_by("-closed_at")[:CLOSED_SHOWN],
        looks=looks.filter(state="open").order_by("opened_at"),
        asks=asks.filter(answered_at=None).order_by("-year", "-sum_ore"),
        total=sum(row.amount_ore for row in waiting),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@only(CHANGE)
def settle_hold(request: HttpRequest, ref: UUID, act: str) -> HttpResponse:
    """Repay, pay over, or let in: what will happen is said first."""
    row = access.found(request, Hold.objects.select_related("gift", "entity"), CHANGE, ref=ref)
    data = request.POST if request.method == "POST" else None
    form = _form(data, act, row)
    by = access.by(request)
    doors: dict[str, Callable[[], Hold]] = {
        "repay": lambda: holding.repay(ref, by=by, reason=form.cleaned_data["reason"]),
        "release": lambda: holding.release(ref, by=by, reason=form.cleaned_data["reason"]),
        "authority": lambda: paying_over.pay_over([ref], by=by, **form.cleaned_data)[0],
        "back": lambda: paying_over.take_back(ref, by=by, reason=form.cleaned_data["reason"]),
        "line": lambda: _by_line(form, row, by),
    }
    return _done(request, form, doors[act], row, "party/settle", act=act, hold=row)


def _form(data: QueryDict | None, act: str, row: Hold) -> forms.Form:
    if act == "line":
        same = Hold.objects.filter(entity=row.entity_id, why=row.why).exclude(pk=row.pk)
        held = same.filter(state=Hold.State.HELD)
        return LineForm(
            data,
            lines=bank_lines.open_lines(row.entity_id, paid_in=False),
            others=(held | same.filter(pk__in=paying_over.without_line())).select_related("gift"),
        )
    return PaidOverForm(data) if act == "authority" else WhyForm(data)


def _by_line(form: forms.Form, row: Hold, by: str) -> Hold:
    said: Any = form
    return paying_over.shown_by_line(said.refs(row.ref), said.cleaned_data["line"], by=by)[0]


@require_http_methods(["GET", "HEAD", "POST"])
@only(CHANGE)
def settle_look(request: HttpRequest, ref: UUID, act: str) -> HttpResponse:
    """Keep or refuse a gift with foreign evidence."""
    rows = ForeignLook.objects.select_related("gift", "entity")
    row = access.found(request, rows, CHANGE, ref=ref)
    form = WhyForm(request.POST if request.method == "POST" else None)
    door = foreign.keep if act == "keep" else foreign.refuse
    return _done(
        request, form,
        lambda: door(ref, by=access.by(request), reason=form.cleaned_data["reason"]),
        row, "party/settle", act=act, look=row,
    )  # fmt: skip


def _done(
    request: HttpRequest,
    form: forms.Form,
    door: Callable[[], Hold | ForeignLook],
    row: Hold | ForeignLook,
    template: str,
    **context: object,
) -> HttpResponse:
    if form.is_valid():
        try:
            door()
        except (PartyError, RefundError) as error:
            form.add_error(None, refusals.sentence(error.code))
        else:
            messages.success(request, _("It is done, and stands in the log."))
            return redirect("console:party_held")
    return page(
        request, template, _("Settle what is held"), entity=row.entity_id,
        status=422 if form.errors else 200, form=form, **context,
    )  # fmt: skip
