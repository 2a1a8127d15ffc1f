"""Gifts: the list, one gift, and what staff do with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from donors.errors import DonorError
from donors.models import Donor
from donors.services import read_card
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.console import access, actions, log_words, people, timeline
from fundraise.console.forms import ManualGiftForm, ProofForm, RefundForm
from fundraise.console.guard import action, only
from fundraise.console.results import touched
from fundraise.console.shell import page
from fundraise.console.tables.gifts import GIFTS
from fundraise.console.tables.page import list_page
from fundraise.gifts import refunds
from fundraise.gifts.models import Gift
from fundraise.pledges.services import linking
from fundraise.reporting.models import Receipt
from fundraise.reporting.receipts import may_have_one
from fundraise.staff import rights


@require_GET
@only("gifts.view")
def gifts(request: HttpRequest) -> HttpResponse:
    """Gifts, the newest first, with the totals of the selection."""
    return list_page(request, GIFTS)


@require_GET
@only("gifts.view")
def gift(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One gift: sums, what happened, journals. No person until somebody asks."""
    return gift_page(request, _gift(request, ref, "gifts.view"))


def _gift(request: HttpRequest, ref: UUID, permission: str) -> Gift:
    rows = Gift.objects.select_related("campaign", "entity", "donor")
    return access.found(request, rows, permission, ref=ref)


def gift_page(request: HttpRequest, row: Gift, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a gift; `more` replaces a form that was wrong, or adds the giver."""
    refundable = refunds.refundable_ore(row) if row.state == Gift.State.RECEIVED else 0
    by_hand = row.channel in actions.HAND_CHANNELS
    disputes = rights.may(request.user, "disputes.view", row.entity_id)
    context = {
        "gift": row,
        "entity": row.entity_id,
        "changes": log_words.changes_of("gift", row.ref),
        "touched": touched.lines(rights.of(request.user), row),
        "moments": timeline.of_gift(row, disputes=disputes),
        "journals": timeline.journals_of(row),
        "refunds": row.refunds.order_by("pk"),
        "refundable_ore": refundable,
        "by_hand": by_hand,
        "may_confirm": by_hand and row.state != Gift.State.RECEIVED,
        "refund_form": refund_form(row, refundable),
        "receipt": Receipt.objects.filter(gift=row).first(),
        "may_have_receipt": may_have_one(row),
        "confirm_form": ProofForm(initial={"seen_on": clock.today()}),
    }
    title = _("Gift %(ref)s") % {"ref": str(row.ref)[:8]}
    return page(request, "gift", title, status=status, **{**context, **more})


def refund_form(row: Gift, refundable_ore: int) -> RefundForm:
    """An empty form for all that is left of a gift."""
    seen = row.refunds.count()
    return RefundForm(initial={"amount_ore": refundable_ore or None, "seen": seen})


@action("gifts.giver")
def giver(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What the giver typed, opened. The read log says who looked."""
    row, who = _gift(request, ref, "gifts.giver"), access.by(request)
    with transaction.atomic():
        audit.log_read(by=who, subject_type="gift", subject_ref=ref, purpose="staff.gift")
        if row.donor is not None:
            audit.log_read(
                by=who, subject_type="donor", subject_ref=row.donor.ref, purpose="staff.gift"
            )
        typed = linking.giver_of_gift(row.pk)
        possible = _possible_donors(request, row)
        cards = [read_card(donor_ref=one.ref, by=who, purpose="staff.gift") for one in possible]
    return gift_page(request, row, giver=typed, giver_shown=True, possible=cards)


def _possible_donors(request: HttpRequest, row: Gift) -> list[Donor]:
    """Donors with the typed address whom the one who may choose among them may also see."""
    if not rights.may(request.user, "gifts.link", row.entity_id):
        return []
    with_address = [one.pk for one in linking.possible_donors(row.pk)]
    return list(people.visible_donors(request).filter(pk__in=with_address).order_by("pk"))


@action("gifts.link")
def choose_donor(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Staff says whose gift it is, where several donors have the address."""
    row = _gift(request, ref, "gifts.link")
    chosen = str(request.POST.get("donor", ""))
    donor = next((one for one in _possible_donors(request, row) if str(one.ref) == chosen), None)
    try:
        tied = donor is not None and linking.choose_donor_of_gift(
            row.pk, donor, by=access.by(request)
        )
    except DonorError:
        tied = False
    if tied:
        messages.success(request, _("The gift is tied to the donor."))
    else:
        messages.error(request, _("The gift was tied before, or the donor has another address."))
    return redirect("console:gift", ref=ref)


@require_http_methods(["GET", "POST"])
@only("gifts.enter")
def new_gift(request: HttpRequest) -> HttpResponse:
    """Enter a gift that came as cash or through the bank."""
    form = ManualGiftForm(
        request.POST or None,
        initial={"received_on": clock.today()},
        entities=rights.entities(request.user, "gifts.enter"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter_gift(form.cleaned_data, by=access.by(request))
        except actions.Refused as refused:
            field = refused.code if refused.code in form.fields else "proof"
            form.add_error(field, refused.sentence)
        else:
            messages.success(request, _("The gift is booked."))
            return redirect("console:gift", ref=made.ref)
    status = 422 if form.is_bound else 200
    return page(request, "gift_new", _("Enter a gift"), status=status, form=form)


@action("gifts.confirm")
def confirm(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The bank's report shows a waiting gift."""
    row, form = _gift(request, ref, "gifts.confirm"), ProofForm(request.POST)
    if form.is_valid():
        try:
            done = actions.confirm_gift(row, **form.cleaned_data, by=access.by(request))
        except actions.Refused as refused:
            form.add_error("proof", refused.sentence)
        else:
            said = _("The gift is booked.") if done else _("The gift was booked before.")
            messages.success(request, said)
            return redirect("console:gift", ref=ref)
    return gift_page(request, row, status=422, confirm_form=form)
