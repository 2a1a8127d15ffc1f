"""Refunds: ask, see what will happen, do it; confirm what was sent by hand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.console import access, actions, acts, log_words
from fundraise.console.forms import ProofForm, RefundForm
from fundraise.console.guard import action, only
from fundraise.console.party import refusals
from fundraise.console.shell import page
from fundraise.console.tables.page import list_page
from fundraise.console.tables.refunds import REFUNDS
from fundraise.console.views.gifts import gift_page
from fundraise.gifts import refunds as rules
from fundraise.gifts.models import Gift, Refund
from fundraise.money import format_kronor
from fundraise.reporting.party import owing
from fundraise.reporting.party.errors import PartyError
from fundraise.staff import approvals
from fundraise.staff.models import Approval


@require_GET
@only("refunds.view")
def refunds(request: HttpRequest) -> HttpResponse:
    """Refunds, the newest first."""
    return list_page(request, REFUNDS)


@action("refunds.ask")
def ask(request: HttpRequest, ref: UUID) -> HttpResponse:
    """First the page that says what will happen, then, with `sure`, the refund itself."""
    gifts = Gift.objects.select_related("campaign", "entity", "donor")
    row = access.found(request, gifts, "refunds.ask", ref=ref)
    form = RefundForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            if not request.POST.get("sure"):
                return _sure(request, row, form)
            refund = actions.ask_refund(row, **said, by=access.by(request))
        except actions.Refused as refused:
            if refused.code == "sent_before":
                messages.info(request, refused.sentence)
                return redirect("console:gift", ref=ref)
            form.add_error("amount_ore", refused.sentence)
        else:
            messages.success(request, _asked(refund))
            return redirect("console:gift", ref=ref)
    return gift_page(request, row, status=422, refund_form=form)


def _sure(request: HttpRequest, row: Gift, form: RefundForm) -> HttpResponse:
    amount_ore = form.cleaned_data["amount_ore"]
    if row.state != Gift.State.RECEIVED:
        raise actions.Refused("not_received")
    if amount_ore > rules.refundable_ore(row):
        raise actions.Refused("too_much")
    return page(
        request,
        "refund_sure",
        acts.refund(row, amount_ore),
        entity=row.entity_id,
        gift=row,
        form=form,
        act=acts.refund(row, amount_ore),
        amount_ore=amount_ore,
        needs_second=rules.needs_second(row, amount_ore),
        by_hand=row.channel in actions.BACK_BY_HAND,
    )


def _asked(refund: Refund) -> str:
    if refund.state == Refund.State.AWAITING_SECOND:
        return _("The refund awaits a second person. No money has been sent.")
    if refund.gift.channel in actions.BACK_BY_HAND:
        return _("The refund is noted. Send the money by hand, then confirm it here.")
    return _("The refund is on its way to the provider.")


@require_GET
@only("refunds.view")
def refund(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One refund, with what this person may decide about it."""
    return _page(request, _refund(request, ref, "refunds.view"))


def _refund(request: HttpRequest, ref: UUID, permission: str) -> Refund:
    rows = Refund.objects.select_related("gift__campaign")
    return access.found(request, rows, permission, "gift__entity", ref=ref)


def _page(
    request: HttpRequest,
    row: Refund,
    status: int = 200,
    confirm_form: ProofForm | None = None,
) -> HttpResponse:
    asked = Approval.objects.filter(kind=rules.SECOND, subject_ref=row.ref).last()
    by_hand = row.gift.channel in actions.BACK_BY_HAND
    return page(
        request,
        "refund",
        _("Refund of %(sum)s") % {"sum": format_kronor(row.amount_ore)},
        status=status,
        entity=row.gift.entity_id,
        refund=row,
        changes=log_words.changes_of("refund", row.ref),
        steps=row.transitions.order_by("at", "pk"),
        asked=asked,
        may_answer=approvals.who_may(asked) if asked and asked.is_open else [],
        mine=row.requested_by == access.by(request),
        may_confirm=by_hand and row.state in {Refund.State.QUEUED, Refund.State.SENT},
        may_owe=owing.may_be_owed(row),
        confirm_form=confirm_form or ProofForm(initial={"seen_on": clock.today()}),
    )


@action("refunds.confirm")
def owe(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What the bank sent back is booked as owed to its giver."""
    row = _refund(request, ref, "refunds.confirm")
    try:
        owing.owe(row, by=access.by(request))
        messages.success(request, _("It is booked as owed, and waits to be repaid."))
    except PartyError as error:
        messages.error(request, refusals.sentence(error.code))
    return redirect("console:refund", ref=ref)


@action("refunds.confirm")
def confirm(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The bank line shows a refund that was sent by hand."""
    row, form = _refund(request, ref, "refunds.confirm"), ProofForm(request.POST)
    if form.is_valid():
        try:
            done = actions.confirm_refund(row, **form.cleaned_data, by=access.by(request))
        except actions.Refused as refused:
            form.add_error("proof", refused.sentence)
        else:
            said = _("The refund is booked.") if done else _("The refund was booked before.")
            messages.success(request, said)
            return redirect("console:refund", ref=ref)
    return _page(request, row, status=422, confirm_form=form)
