"""One line of the bank: what it says, what it may be, and everything that can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from donors import services as donors
from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.console import access, log_words
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.treasury import matching, words
from fundraise.console.treasury.belongs_form import BelongsForm
from fundraise.console.treasury.forms import (
    GiftForm,
    KindForm,
    NoteForm,
    ReturnForm,
    SplitForm,
    UndoForm,
)
from fundraise.console.views.treasury_match import found_item
from fundraise.money import format_kronor
from fundraise.reconciliation import belonging, deciding, file_words, returned
from fundraise.reconciliation.deciding import Choice
from fundraise.reconciliation.models import Item, Match
from fundraise.reporting.party import collecting, paying_over
from fundraise.reporting.party.models import Hold
from fundraise.staff import rights

OPEN = ("suggested", "unknown", "new")
Done = Callable[[Item, dict[str, Any], str], str]


def _campaigns(item: Item) -> Any:
    """Campaigns of the account's entity first; a gift for another's is booked as a debt to it."""
    return Campaign.objects.exclude(status=Campaign.Status.DRAFT).order_by("title_sv")


def _forms(item: Item) -> dict[str, forms.Form]:
    first = item.account.campaign_id
    return {
        "gift_form": GiftForm(campaigns=_campaigns(item), initial={"campaign": first}),
        "kind_form": KindForm(),
        "belongs_form": _belongs_form(item),
        "return_form": _return_form(item),
        "split_form": SplitForm(),
        "note_form": NoteForm(initial={"note": item.note}),
        "undo_form": UndoForm(),
    }


@require_GET
@only("statements.view")
def bank_item(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A line with its evidence. The payer is shown to those who decide, and logged."""
    return _item_page(request, found_item(request, ref, "statements.view"))


def _item_page(request: HttpRequest, item: Item, status: int = 200, **more: Any) -> HttpResponse:
    entity = item.account.entity_id
    decides = rights.may(request.user, "matches.decide", entity)
    shown = matching.waiting([item], by=access.by(request))[0] if decides else None
    stands = Match.objects.filter(item=item, state=Match.State.STANDS)
    return page(
        request,
        "treasury/item",
        format_kronor(item.amount_ore),
        status=status,
        entity=entity,
        item=item,
        place=file_words.where(item.at),
        shown=shown,
        stands=stands.select_related("gift", "payout", "journal__series", "campaign").first(),
        history=_history(item),
        parts=item.parts.exclude(state=Item.State.JOINED).order_by("pk"),
        may_join=decides and deciding.may_be_joined(item),
        is_open=item.state in OPEN,
        slips=collecting.not_paid_in().filter(entity=entity) if item.amount_ore > 0 else (),
        holds=_holds(entity) if item.amount_ore < 0 else (),
        changes=log_words.changes_of("bank_item", item.ref),
        **{**_forms(item), **more},
    )


def _holds(entity_id: int) -> Any:
    """What an outgoing line to Kammarkollegiet may show."""
    held = Hold.objects.filter(why=Hold.Why.ANONYMOUS, state=Hold.State.HELD)
    return (held | paying_over.without_line()).filter(entity=entity_id).order_by("pk")


def _history(item: Item) -> Any:
    ended = item.matches.exclude(state__in=[Match.State.SUGGESTED, Match.State.STANDS])
    return ended.select_related("rule__rule").order_by("-pk")


def _act(permission: str, name: str, make: Callable[..., forms.Form], do: Done) -> Any:
    """A form of the page that does one thing, or is shown again with what is wrong."""

    @action(permission)
    def acted(request: HttpRequest, ref: UUID) -> HttpResponse:
        item = found_item(request, ref, permission)
        form = make(request, item)
        if not form.is_valid():
            return _item_page(request, item, 422, **{name: form})
        try:
            messages.success(request, do(item, form.cleaned_data, access.by(request)))
        except deciding.DecideError as error:
            form.add_error(None, str(words.DECIDE[error.code]))
            return _item_page(request, item, 409, **{name: form})
        return redirect("console:bank_item", ref=ref)

    return acted


def _gift_form(request: HttpRequest, item: Item) -> forms.Form:
    return GiftForm(request.POST, campaigns=_campaigns(item))


def _to_donor(item: Item, typed: dict[str, Any], by: str) -> str:
    donor = _donor(typed["email"])
    deciding.to_donor(item.pk, donor, typed["campaign"], by=by, learn=typed["learn"])
    return _("Booked as a gift.")


def _donor(email: str) -> Donor | None:
    """Whose address it is. Raises DecideError("donor") when nobody's or two donors'."""
    if not email:
        return None
    people = donors.find_by_email(email)
    if len(people) != 1:
        raise deciding.DecideError("donor")
    return people[0]


def _of_kind(item: Item, typed: dict[str, Any], by: str) -> str:
    deciding.decide(item.pk, Choice(typed["kind"]), by=by, why=typed["why"])
    return _("Booked.")


def _return_form(item: Item, data: Any = None) -> forms.Form:
    return ReturnForm(data, refunds=returned.may_have_come_back(item))


def _came_back(item: Item, typed: dict[str, Any], by: str) -> str:
    deciding.decide(item.pk, Choice("return", refund=typed["refund"]), by=by)
    return _("Booked. The refund stands in the exceptions until it is sent again or owed.")


def _belongs_form(item: Item, data: Any = None) -> forms.Form:
    return BelongsForm(data, found=belonging.of(item) if item.state in OPEN else ())


def _belongs(item: Item, typed: dict[str, Any], by: str) -> str:
    deciding.decide(item.pk, typed["of"].choice, by=by)
    return _("Booked.")


def _split(item: Item, typed: dict[str, Any], by: str) -> str:
    way = 1 if item.amount_ore > 0 else -1
    parts = deciding.split(item.pk, [way * ore for ore in typed["sums"]], by=by)
    return _("Split into %(n)s parts. Decide each of them.") % {"n": len(parts)}


def _join(item: Item, _typed: dict[str, Any], by: str) -> str:
    deciding.join(item.pk, by=by)
    return _("One line again. Decide it as a whole.")


def _park(item: Item, typed: dict[str, Any], by: str) -> str:
    deciding.park(item.pk, typed["note"], by=by)
    return _("Parked with the remark. It lies in suspense and shows its age.")


def _undo(item: Item, typed: dict[str, Any], by: str) -> str:
    stands = Match.objects.filter(item=item, state=Match.State.STANDS).first()
    if stands is None:
        raise deciding.DecideError("not_open")
    done = deciding.undo(stands.pk, by=by, why=typed["why"])
    if done.proposal is not None:
        return _("The month is closed: a second person is asked first.")
    return _("Undone. What was booked is reversed, and the line is open again.")


def _others(item: Item, _typed: dict[str, Any], by: str) -> str:
    deciding.class_others([item.pk], by=by)
    return _("Kept in other books: summed, not booked here.")


def _posted(form: type[forms.Form]) -> Callable[..., forms.Form]:
    return lambda request, _item: form(request.POST)


gift_of = _act("matches.decide", "gift_form", _gift_form, _to_donor)
kind_of = _act("matches.decide", "kind_form", _posted(KindForm), _of_kind)
came_back = _act(
    "matches.decide",
    "return_form",
    lambda request, item: _return_form(item, request.POST),
    _came_back,
)
belongs = _act(
    "matches.decide",
    "belongs_form",
    lambda request, item: _belongs_form(item, request.POST),
    _belongs,
)
split = _act("matches.decide", "split_form", _posted(SplitForm), _split)
join = _act("matches.decide", "join_form", _posted(forms.Form), _join)
park = _act("matches.decide", "note_form", _posted(NoteForm), _park)
others = _act("matches.decide", "others_form", _posted(forms.Form), _others)
undo = _act("matches.undo", "undo_form", _posted(UndoForm), _undo)
