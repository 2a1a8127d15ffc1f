"""Matching: suggestions taken one by one or many at once, unknown lines decided, undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.page import list_page
from fundraise.console.tables.treasury import BANK_ITEMS
from fundraise.console.treasury import matching, words
from fundraise.reconciliation import deciding, queries
from fundraise.reconciliation.deciding import Outcome
from fundraise.reconciliation.models import Item, Match
from fundraise.staff import rights

STATES = ("suggested", "unknown")


@require_GET
@only("matches.decide")
def match(request: HttpRequest) -> HttpResponse:
    """What waits for a yes or a no, the oldest first, with what speaks for it."""
    entities = rights.of(request.user).entities("matches.decide")
    counted = queries.counters(entities)
    state = request.GET.get("state", "")
    if state not in STATES:
        state = "suggested" if counted.suggested else "unknown"
    pages = Paginator(queries.open_items(entities, state=state), matching.PAGE)
    shown = pages.get_page(request.GET.get("page"))
    return page(
        request,
        "treasury/match",
        _("Match"),
        counters=counted,
        state=state,
        shown=shown,
        accounts=len({item.account_id for item in shown}),
        waiting=matching.waiting(list(shown), by=access.by(request)),
    )


@require_GET
@only("statements.view")
def items(request: HttpRequest) -> HttpResponse:
    """Every line of the bank, without the payer."""
    return list_page(request, BANK_ITEMS)


def _chosen(request: HttpRequest, permission: str = "matches.decide") -> dict[int, UUID]:
    """The one whose button it was, or those that were ticked; others' are not there."""
    sent = request.POST.getlist("only") or request.POST.getlist("match")
    refs = [ref for one in sent if (ref := _ref(one))]
    rows = Match.objects.filter(ref__in=refs[:500])
    mine = access.scope(request, rows, permission, "item__account__entity")
    return dict(mine.order_by("pk").values_list("pk", "ref"))


def _ref(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@action("matches.decide")
def take(request: HttpRequest) -> HttpResponse:
    """Yes to one suggestion or to many: each is checked once more and booked."""
    chosen = _chosen(request)
    outcomes = deciding.take_many(list(chosen), by=access.by(request))
    done = sum(one.ok for one in outcomes)
    said = ngettext("%(n)s line is matched.", "%(n)s lines are matched.", done) % {"n": done}
    return _answer(request, chosen, outcomes, said)


@action("matches.decide")
def refuse(request: HttpRequest) -> HttpResponse:
    """No: the line is open again, and that is not suggested once more."""
    chosen = _chosen(request)
    outcomes = deciding.refuse_many(list(chosen), by=access.by(request))
    return _answer(
        request, chosen, outcomes, _("That suggestion is gone. The line is among the unknown.")
    )


def _answer(
    request: HttpRequest, chosen: Mapping[int, UUID], outcomes: Sequence[Outcome], said: str
) -> HttpResponse:
    """To the page's script what became of each; else the page again, with what happened."""
    if request.headers.get("Accept") == "application/json":
        done = {str(chosen[one.match_id]): "" for one in outcomes if one.ok}
        left = {
            str(chosen[one.match_id]): str(words.DECIDE[one.code]) for one in outcomes if not one.ok
        }
        return JsonResponse({"done": done, "left": left})
    if any(one.ok for one in outcomes):
        messages.success(request, said)
    for code in sorted({one.code for one in outcomes if not one.ok}):
        messages.error(request, str(words.DECIDE[code]))
    if not outcomes:
        messages.error(request, _("Nothing was ticked. Nothing was changed."))
    return redirect(f"{reverse('console:match')}?state=suggested")


@action("matches.undo")
def take_back(request: HttpRequest) -> HttpResponse:
    """The last yes or no was a mistake: it is undone, and suggested again where that is true.

    `done` has the new suggestion's ref, or nothing where a person must choose anew.
    """
    done, left = dict[str, str](), dict[str, str]()
    why = _("Said by mistake on the match page.")
    for pk, ref in _chosen(request, "matches.undo").items():
        try:
            again = deciding.take_back(pk, by=access.by(request), why=why)
        except deciding.DecideError as error:
            left[str(ref)] = str(words.DECIDE[error.code])
            continue
        if isinstance(again, Match):
            done[str(ref)] = str(again.ref)
        elif again.proposal is not None:
            left[str(ref)] = _("The month is closed: a second person is asked first.")
        else:
            done[str(ref)] = ""
    return JsonResponse({"done": done, "left": left})


def found_item(request: HttpRequest, ref: UUID, permission: str) -> Item:
    """A line of an entity for which it may be done."""
    rows: Any = Item.objects.select_related("account__entity", "line", "statement__file", "part_of")
    item: Item = access.found(
        request, rows.defer("statement__file__sealed"), permission, "account__entity", ref=ref
    )
    return item
