"""Matching: suggestions taken one by one or many at once, unknown lines decided, undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
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
        waiting=matching.waiting(list(shown), by=access.by(request)),
    )


@require_GET
@only("statements.view")
def items(request: HttpRequest) -> HttpResponse:
    """Every line of the bank, without the payer."""
    return list_page(request, BANK_ITEMS)


def _chosen(request: HttpRequest) -> list[int]:
    """The one whose button it was, or those that were ticked; others' are not there."""
    sent = request.POST.getlist("only") or request.POST.getlist("match")
    refs = [ref for one in sent if (ref := _ref(one))]
    rows = Match.objects.filter(ref__in=refs[:500])
    mine = access.scope(request, rows, "matches.decide", "item__account__entity")
    return list(mine.order_by("pk").values_list("pk", flat=True))


def _ref(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@action("matches.decide")
def take(request: HttpRequest) -> HttpResponse:
    """Yes to one suggestion or to many: each is checked once more and booked."""
    outcomes = deciding.take_many(_chosen(request), by=access.by(request))
    done = sum(one.ok for one in outcomes)
    if done:
        said = ngettext("%(n)s line is matched.", "%(n)s lines are matched.", done) % {"n": done}
        messages.success(request, said)
    for code in sorted({one.code for one in outcomes if not one.ok}):
        messages.error(request, str(words.DECIDE[code]))
    if not outcomes:
        messages.error(request, _("Nothing was ticked. Nothing was changed."))
    return redirect(_suggestions())


def _suggestions() -> str:
    return f"{reverse('console:match')}?state=suggested"


@action("matches.decide")
def refuse(request: HttpRequest) -> HttpResponse:
    """No: the line is open again, and that is not suggested once more."""
    done = 0
    for pk in _chosen(request):
        try:
            deciding.refuse(pk, by=access.by(request))
            done += 1
        except deciding.DecideError as error:
            messages.error(request, str(words.DECIDE[error.code]))
    if done:
        messages.success(request, _("That suggestion is gone. The line is among the unknown."))
    return redirect(_suggestions())


def found_item(request: HttpRequest, ref: UUID, permission: str) -> Item:
    """A line of an entity for which it may be done."""
    rows: Any = Item.objects.select_related("account__entity", "line", "statement__file", "part_of")
    item: Item = access.found(
        request, rows.defer("statement__file__sealed"), permission, "account__entity", ref=ref
    )
    return item
