"""The agreement about autogiro: how files travel, whose payer numbers, who carries, the feed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.console import access, giro_days, log_words
from fundraise.console.giro_forms import AgreementForm, CarrierForm
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.views.autogiro import calendar_page
from fundraise.language import ENGLISH, SWEDISH
from fundraise.pledges.services import ranges
from fundraise.providers.giro import agreeing, feeding
from fundraise.providers.giro.models import Agreement
from fundraise.providers.models import Account

MAY = "autogiro.change"


def _found(request: HttpRequest, ref: UUID, permission: str) -> Agreement:
    rows = Agreement.objects.select_related("account__entity")
    return access.found(request, rows, permission, "account__entity", ref=ref)


@require_http_methods(["GET", "POST"])
@only(MAY)
def agreement(request: HttpRequest, ref: UUID) -> HttpResponse:
    """How files travel, the payer numbers that are ours, and who carries files by hand."""
    row = _found(request, ref, MAY)
    form = AgreementForm(
        request.POST if "draw_days_ahead" in request.POST else None, initial=_initial(row)
    )
    if form.is_valid():
        said, by = form.cleaned_data, access.by(request)
        with transaction.atomic():
            agreeing.set_options(row.pk, form.options(), by=by)
            ranges.set_range(row.account.entity_id, first=said["first"], last=said["last"], by=by)
        messages.success(request, _("It is saved, and holds from the next file on."))
        return redirect("console:giro_agreement", ref=ref)
    return _page(request, row, 422 if form.errors else 200, form=form)


def _initial(row: Agreement) -> dict[str, Any]:
    options, payers = agreeing.options_of(row), ranges.of(row.account.entity_id)
    return {
        "approve": options.approve,
        "by_hand": options.by_hand,
        "file_weekdays": list(options.file_weekdays),
        "draw_days_ahead": options.draw_days_ahead,
        "first": payers.first if payers else 10_000_000,
        "last": payers.last if payers else 99_999_999,
    }


def _page(request: HttpRequest, row: Agreement, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "book": giro_days.book(row),
        "form": AgreementForm(initial=_initial(row)),
        "carrier_form": CarrierForm(),
        "changes": log_words.changes_of("giro_agreement", row.ref),
    }
    title = _("Autogiro of %(name)s") % {"name": row.account.entity.name}
    return page(
        request,
        "giro_agreement",
        title,
        status=status,
        entity=row.account.entity_id,
        **{**context, **more},
    )


@action(MAY, back="../../")
def begin(request: HttpRequest, key: int) -> HttpResponse:
    """The first step of autogiro for an account that is there."""
    rows = Account.objects.filter(provider="autogiro")
    row = agreeing.begin(access.found(request, rows, MAY, pk=key), by=access.by(request))
    return redirect("console:giro_agreement", ref=row.ref)


@action(MAY)
def resume(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Bankgirot's end of the agreement was a mistake, or is mended."""
    if agreeing.resume(_found(request, ref, MAY).pk, by=access.by(request)):
        messages.success(request, _("Files are made again."))
    return redirect("console:giro_agreement", ref=ref)


@action(MAY)
def carrier(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Somebody carries the files, or does so no more."""
    row, by = _found(request, ref, MAY), access.by(request)
    if (gone := request.POST.get("remove", "")).isdigit():
        agreeing.remove_carrier(row.pk, int(gone), by=by)
        messages.success(request, _("They carry no files any more."))
        return redirect("console:giro_agreement", ref=ref)
    form = CarrierForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, carrier_form=form)
    said = form.cleaned_data
    agreeing.set_carrier(row.pk, said["user"].pk, is_deputy=said["is_deputy"], by=by)
    messages.success(request, _("They are told when a file waits."))
    return redirect("console:giro_agreement", ref=ref)


@action("autogiro.deliver", back="../../../")
def feed(request: HttpRequest, ref: UUID) -> HttpResponse:
    """An address for one's calendar program, told this once; the older ones of it end."""
    row, by = _found(request, ref, "autogiro.deliver"), access.by(request)
    user_id = int(by.partition(":")[2])
    with transaction.atomic():
        for old in row.feeds.filter(user_id=user_id, revoked_at=None):
            feeding.revoke(old.pk, by=by)
        secret = feeding.new_feed(row, user_id=user_id, by=by)
    query = urlencode({"key": secret, "language": get_language() or SWEDISH})
    address = request.build_absolute_uri(f"{reverse('console:giro_calendar')}?{query}")
    return calendar_page(request, feed_address=address, feed_of=row.ref)


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The file days for a calendar program; the address is the key (no log keeps a query)."""
    language = ENGLISH if request.GET.get("language") == ENGLISH else SWEDISH
    content = feeding.calendar_of(request.GET.get("key", ""), language)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    return answer
