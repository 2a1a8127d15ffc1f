"""Mails of which nobody knows whether they left: listed, opened by name, settled by a person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from donors import queries as donors
from donors.models import Donor
from fundraise.console import access
from fundraise.console.appeals import doors, refusals
from fundraise.console.appeals.doors import SEND, VIEW
from fundraise.console.appeals.forms import DoubtForm
from fundraise.console.guard import action, only
from fundraise.console.people import visible_donors
from fundraise.console.shell import page
from mailings.appeals import queries
from mailings.appeals.models import Batch
from mailings.appeals.services import settling

MOST_PEOPLE = 1000  # as many as a batch can hold


@require_GET
@only(VIEW)
def doubts(request: HttpRequest) -> HttpResponse:
    """Batches in doubt, the longest waiting first."""
    rows = access.scope(request, _doubted(), VIEW, f"appeal__{doors.PATH}")
    chosen = request.GET.get("appeal", "")
    if chosen:
        try:
            rows = rows.filter(appeal__ref=UUID(chosen))
        except ValueError:
            return redirect("console:appeal_doubts")
    return page(request, "appeals/doubts", _("Mails in doubt"), rows=list(rows), chosen=chosen)


def _doubted() -> QuerySet[Batch]:
    return queries.in_doubt().select_related("appeal__campaign__entity", "wave")


@require_http_methods(["GET", "POST"])
@only(VIEW, post=SEND)
def doubt(request: HttpRequest, key: int) -> HttpResponse:
    """One batch: what is known of it, and the answer of who has found out."""
    row = doors.batch(request, key, SEND if request.method == "POST" else VIEW)
    form = DoubtForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _settled(request, row, form)
    return _page(request, row, form, status=422 if form.is_bound else 200)


def _settled(request: HttpRequest, row: Batch, form: DoubtForm) -> HttpResponse:
    left, why = form.cleaned_data["left"] == "yes", form.cleaned_data["reason"]
    by = access.by(request)
    done = doors.tried(request, lambda: settling.settle_by_hand(row.pk, left=left, by=by, why=why))
    if done:
        said = _("Settled: the mails count as sent.")
        again = _("Settled: the mails did not leave and are sent now.")
        over = _("Settled: the mails did not leave. The appeal is cancelled, so they never will.")
        is_over = row.appeal.state == "cancelled"
        messages.success(request, said if left else over if is_over else again)
    elif done is False:
        messages.info(request, refusals.of_code("settled"))
    return redirect("console:appeal", ref=row.appeal.ref)


@action("donors.view")
def people(request: HttpRequest, key: int) -> HttpResponse:
    """Who is in the batch, by name: each look stands in the read log."""
    row = doors.batch(request, key, "donors.view")
    return _page(request, row, DoubtForm(), people=_names(request, row))


def _names(request: HttpRequest, row: Batch) -> donors.DonorPage:
    ids = queries.people_in(row).values_list("donor_id", flat=True)
    seen: QuerySet[Donor] = visible_donors(request).filter(pk__in=list(ids))
    return donors.page_of_donors(
        donors=seen, by=access.by(request), purpose="staff.doubt", size=MOST_PEOPLE
    )


def _page(
    request: HttpRequest,
    row: Batch,
    form: DoubtForm,
    *,
    status: int = 200,
    people: donors.DonorPage | None = None,
) -> HttpResponse:
    return page(
        request,
        "appeals/doubt",
        _("Mails in doubt"),
        status=status,
        entity=row.appeal.campaign.entity_id,
        batch=row,
        form=form,
        people=people,
        number=queries.people_in(row).count(),
        is_open=row.state == Batch.State.IN_DOUBT,
    )
