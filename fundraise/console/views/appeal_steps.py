"""The steps of a draft after its words: to whom, check, schedule."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import clock
from fundraise.console import access
from fundraise.console.appeals import audiences, checks, doors, refusals, steps, when
from fundraise.console.appeals.doors import SEND, VIEW, WRITE
from fundraise.console.appeals.forms import PeopleForm, ScheduleForm, people_initial
from fundraise.console.guard import only
from fundraise.console.shell import page
from fundraise.staff import rights
from mailings.appeals import preflight, quiet
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal
from mailings.appeals.services import drafting, freezing, scheduling
from mailings.segments.errors import SegmentError
from mailings.segments.tree import TreeError


def step_page(
    request: HttpRequest,
    row: Appeal,
    name: str,
    *,
    status: int = 200,
    template: str = "",
    **context: Any,
) -> HttpResponse:
    """The page of a step inside the step bar."""
    return page(
        request,
        f"appeals/{template or name}",
        row.title,
        status=status,
        entity=row.campaign.entity_id,
        appeal=row,
        step=name,
        steps=steps.of(row, name),
        next_url=steps.next_url(row, name),
        is_draft=row.state == Appeal.State.DRAFT,
        **context,
    )


# --- To whom --------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@only(VIEW, post=WRITE)
def people(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Who gets it, with the exact numbers of both groups."""
    row = doors.found(request, ref, WRITE if request.method == "POST" else VIEW)
    held = rights.of(request.user)
    choices: dict[str, Any] = {
        "segments": audiences.segments(held, row),
        "appeals": audiences.earlier(held, row),
    }
    if request.method == "GET":
        form = PeopleForm(initial=people_initial(row), **choices)
        return _people_page(request, row, form, {})
    form = PeopleForm(request.POST, **choices)
    counting = request.POST.get("do") == "count"
    if not form.is_valid():  # counted while it is filled in, half of a choice is no mistake yet
        return _people_page(request, row, form, None, status=200 if counting else 422)
    if counting:
        return _people_page(request, row, form, form.options())
    edition = form.cleaned_data["edition"]
    options = {"edition": edition, "by": access.by(request), **form.options()}
    saved = doors.tried(
        request, lambda: drafting.set_options(ref, **options), _("The choice is saved.")
    )
    if saved is None:
        return redirect("console:appeal_people", ref=ref)
    return redirect(steps.next_url(row, steps.PEOPLE))


def _people_page(
    request: HttpRequest,
    row: Appeal,
    form: PeopleForm,
    options: dict[str, Any] | None,
    *,
    status: int = 200,
) -> HttpResponse:
    counted = _counted(row, options) if options is not None else None
    return step_page(
        request,
        row,
        steps.PEOPLE,
        status=status,
        form=form,
        counted=counted,
        is_kept=options == {},
        needs_second=counted is not None and checks.needs_second(counted.people),
        sentence=audiences.sentence(row),
        segments_url=reverse("console:segments"),
    )


def _counted(row: Appeal, options: dict[str, Any]) -> audiences.Counted | None:
    """The numbers; None where the segment can't be asked just now, as the page then says."""
    try:
        return audiences.counted(row, options)
    except (SegmentError, TreeError):
        return None


# --- Check ----------------------------------------------------------------------------------------
@require_GET
@only(VIEW)
def check(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The list of everything that is looked at before it may leave."""
    row = doors.found(request, ref, VIEW)
    found = preflight.run(row)
    if row.state != Appeal.State.DRAFT:  # who was left then is no matter of now
        found = [one for one in found if one.code not in checks.OF_THE_MOMENT]
    points = checks.points(row, found)
    numbers = {state: sum(one.state == state for one in points) for state in checks.ORDER}
    return step_page(request, row, steps.CHECK, points=points, found=numbers)


# --- Schedule -------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@only(VIEW, post=SEND)
def schedule(request: HttpRequest, ref: UUID) -> HttpResponse:
    """When: first a form, then the page that says what will happen, then the act."""
    row = doors.found(request, ref, SEND if request.method == "POST" else VIEW)
    if row.state != Appeal.State.DRAFT and request.method == "GET":
        return doors.back(row)
    if request.method == "GET":
        initial = {"edition": row.edition, "zone": row.zone, "now": "", "local_time": ""}
        return _schedule_page(request, row, ScheduleForm(initial=initial))
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return _schedule_page(request, row, form, status=422)
    try:
        if not request.POST.get("sure"):
            return _sure(request, row, form)
        scheduled = _do(request, row, form)
    except AppealError as error:
        return _refused(request, row, form, error)
    messages.success(request, _said(scheduled))
    return doors.back(row)


def _do(request: HttpRequest, row: Appeal, form: ScheduleForm) -> Appeal:
    said = form.cleaned_data
    return scheduling.schedule(
        row.ref,
        local_time=form.wall,
        zone=said["zone"],
        which=said["which"],
        edition=said["edition"],
        quiet_reason=said["quiet_reason"],
        by=access.by(request),
    )


def _said(row: Appeal) -> str:
    if row.needs_second:
        return _("It is scheduled, and a second person is asked. Nothing leaves before their yes.")
    return _("It is scheduled. Nothing leaves in the first minutes: Stop takes it back.")


def _refused(
    request: HttpRequest, row: Appeal, form: ScheduleForm, error: AppealError
) -> HttpResponse:
    if error.code in {"not_draft", "changed_meanwhile"}:
        messages.error(request, refusals.sentence(error))
        return doors.back(row)
    if error.code == "preflight":
        messages.error(request, refusals.sentence(error))
        return redirect("console:appeal_check", ref=row.ref)
    fields = {"ambiguous": "which", "quiet_hours": "quiet_reason", "unknown_zone": "zone"}
    form.add_error(fields.get(error.code, "local_time"), refusals.sentence(error))
    return _schedule_page(request, row, form, status=422)


def _sure(request: HttpRequest, row: Appeal, form: ScheduleForm) -> HttpResponse:
    """What will happen, before it does. Raises AppealError where it can't."""
    said = form.cleaned_data
    at, zone = _instant(form), said["zone"]
    found = _looked(row, form, at)
    number, at_night = preflight.people(found), quiet.at(at, zone)
    return step_page(
        request,
        row,
        steps.SCHEDULE,
        template="sure",
        form=form,
        people=number,
        when=when.wall(at, zone),
        place=when.place(zone),
        until=when.until(at),
        summer_time=when.summer_time(at, zone),
        odd_minute="" if said["now"] else when.odd_minute(at, zone),
        needs_second=at_night or checks.needs_second(number),
        at_night=at_night,
        warnings=[one for one in checks.points(row, found) if one.state == preflight.WARN],
        waves=_waves(row, number),
        cool_off=settings.APPEAL_COOL_OFF_MINUTES,
        sentence=audiences.sentence(row),
    )


def _looked(row: Appeal, form: ScheduleForm, at: datetime) -> list[preflight.Check]:
    """The points at the chosen time. Raises AppealError where it can't be scheduled so."""
    said = form.cleaned_data
    if row.state != Appeal.State.DRAFT:
        raise AppealError("not_draft")
    if row.edition != said["edition"]:
        raise AppealError("changed_meanwhile")
    reason = said["quiet_reason"].strip()
    if quiet.at(at, said["zone"]) and not reason:
        raise AppealError("quiet_hours")
    found = preflight.run(row, send_at=at, zone=said["zone"], reason=reason)
    if blocks := preflight.blocking(found):
        raise AppealError("preflight", tuple(one.code for one in blocks))
    return found


def _instant(form: ScheduleForm) -> datetime:
    said = form.cleaned_data
    return scheduling.instant(form.wall, said["zone"], said["which"])


def _waves(row: Appeal, people: int) -> list[int]:
    """The sizes of the parts it leaves in; empty when it leaves all at once."""
    sizes = freezing.sizes_of_waves(people, row.first_wave)
    return sizes if len(sizes) > 1 else []


def _schedule_page(
    request: HttpRequest, row: Appeal, form: ScheduleForm, *, status: int = 200
) -> HttpResponse:
    return step_page(
        request,
        row,
        steps.SCHEDULE,
        status=status,
        form=form,
        quiet=when.quiet_hours(),
        cool_off=settings.APPEAL_COOL_OFF_MINUTES,
        now_is=when.wall(clock.now(), row.zone),
        place=when.place(row.zone),
        asks_which=bool(form.errors.get("which")) or bool(form.data.get("which")),
    )
