"""Appeals: the list, the calendar, a new one, and the page of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import clock
from fundraise.console import access, log_words
from fundraise.console.appeals import audiences, chosen, doors, live, month, steps
from fundraise.console.appeals.doors import SEND, VIEW, WRITE
from fundraise.console.appeals.forms import NewAppealForm, ReasonForm, TitleForm
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.appeals import APPEALS, MAILS
from fundraise.console.tables.page import list_page
from fundraise.staff import rights
from fundraise.staff.models import Approval
from mailings.appeals import asking
from mailings.appeals.models import Appeal, Batch
from mailings.appeals.services import drafting, pausing
from mailings.journeys.models import Step

MOST_DRAFTS = 20


@require_GET
@only(VIEW)
def appeals(request: HttpRequest) -> HttpResponse:
    """Every appeal with who got it and what it brought, the newest first."""
    return list_page(request, APPEALS)


@require_GET
@only(VIEW)
def mails(request: HttpRequest) -> HttpResponse:
    """Mails of appeals: sent, not sent and why. No name stands here."""
    return list_page(request, MAILS)


@require_GET
@only(VIEW)
def calendar(request: HttpRequest) -> HttpResponse:
    """What leaves when, and the drafts beside."""
    first = month.read(request.GET.get("month", ""))
    begins, ends = month.span(first)
    mine = access.scope(request, doors.every(), VIEW, doors.PATH)
    mine = mine.exclude(kind=Appeal.Kind.JOURNEY)
    inside = Q(started_at__range=(begins, ends)) | Q(started_at=None, send_at__range=(begins, ends))
    rows = mine.filter(inside).order_by("send_at", "pk")
    drafts = mine.filter(state=Appeal.State.DRAFT).order_by("-pk")[:MOST_DRAFTS]
    made = month.month(first, rows)
    return page(request, "appeals/calendar", _("Calendar of appeals"), month=made, drafts=drafts)


@require_http_methods(["GET", "POST"])
@only(WRITE)
def new_appeal(request: HttpRequest) -> HttpResponse:
    """A draft, for a campaign."""
    form = NewAppealForm(request.POST or None, entities=rights.entities(request.user, WRITE))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = drafting.new_appeal(
            campaign=said["campaign"], title=said["title"], by=access.by(request)
        )
        return redirect("console:appeal_write", ref=made.ref)
    status = 422 if form.is_bound else 200
    return page(request, "appeals/new", _("New appeal"), status=status, form=form)


@require_GET
@only(VIEW)
def appeal(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One appeal: a draft with its steps, or how it is being sent."""
    row = doors.found(request, ref, VIEW)
    step = Step.objects.filter(pattern=row.pk).select_related("journey").first()
    if step is not None:
        return redirect("console:journey", ref=step.journey.ref)
    return appeal_page(request, row)


def appeal_page(
    request: HttpRequest, row: Appeal, *, status: int = 200, title_form: TitleForm | None = None
) -> HttpResponse:
    """The page of an appeal as it stands."""
    shown: dict[str, Any] = {
        "appeal": row,
        "steps": steps.of(row),
        "changes": log_words.changes_of("appeal", row.ref),
        "to_whom": audiences.sentence(row),
        "too_late": asking.too_late(row, clock.today()),
    }
    if row.state == Appeal.State.DRAFT:
        form = title_form or TitleForm(initial={"edition": row.edition, "title": row.title})
        return page(
            request, "appeals/draft", row.title, status=status, entity=row.campaign.entity_id,
            form=form, **shown,
        )  # fmt: skip
    seen = live.of(row)
    return page(
        request,
        "appeals/live",
        row.title,
        entity=row.campaign.entity_id,
        live=seen,
        paused_for=live.pause_words(row.paused_for),
        chosen_by=chosen.said(row),
        approval=_question(row),
        is_mine=row.asked_by == access.by(request),
        refresh_seconds=5 if seen.moves else 0,
        **shown,
    )


def _question(row: Appeal) -> Approval | None:
    """The open question to a second person."""
    return Approval.objects.filter(kind="appeal", subject_ref=row.ref, answer="").first()


@action(WRITE)
def rename(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Another name of a draft."""
    row = doors.found(request, ref, WRITE)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return appeal_page(request, row, status=422, title_form=form)
    doors.tried(
        request,
        lambda: drafting.set_options(ref, by=access.by(request), **form.cleaned_data),
        _("The appeal has its new name."),
    )
    return doors.back(row)


@action(WRITE)
def copy(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A draft that is as this appeal was."""
    row = doors.found(request, ref, WRITE)
    title = _("%(title)s (copy)") % {"title": row.title[:80]}
    said = _("A copy is made, with its words. Look through each step.")
    made = doors.tried(
        request, lambda: drafting.copy_appeal(ref, by=access.by(request), title=title), said
    )
    return doors.back(made or row)


@action(WRITE)
def remind(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A draft to those who got it and have not given."""
    row = doors.found(request, ref, WRITE)
    title = _("%(title)s (reminder)") % {"title": row.title[:75]}
    said = _(
        "A draft to the same people is made, less who gave, left or bounced since. Change the"
        " words before you send it."
    )
    made = doors.tried(
        request, lambda: drafting.remind(ref, by=access.by(request), title=title), said
    )
    return doors.back(made or row)


@require_http_methods(["GET", "POST"])
@only(VIEW, post=SEND)
def cancel(request: HttpRequest, ref: UUID) -> HttpResponse:
    """First the page that says what cancelling does, then, with a reason, the act itself."""
    row = doors.found(request, ref, SEND if request.method == "POST" else VIEW)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        said = _("The appeal is cancelled. What had left stays sent.")
        doors.tried(request, lambda: pausing.cancel(ref, by=access.by(request), why=why), said)
        return doors.back(row)
    return page(
        request,
        "appeals/cancel",
        _("Cancel the appeal"),
        status=422 if form.is_bound else 200,
        entity=row.campaign.entity_id,
        appeal=row,
        live=live.of(row),
        form=form,
        is_over=row.state in {Appeal.State.FINISHED, Appeal.State.CANCELLED},
        held=Batch.objects.filter(appeal=row, send_at__isnull=False, state="accepted").exists(),
    )
