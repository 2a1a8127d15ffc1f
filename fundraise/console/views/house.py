"""Provider messages, alarms and jobs: what the house does by itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.console import access, actions, words
from fundraise.console.guard import action, only
from fundraise.console.paging import capped_count, page_of
from fundraise.console.shell import page
from fundraise.jobs import queries as jobs_now
from fundraise.jobs.models import Alarm, Job, JobRun
from fundraise.providers.models import ProviderEvent

CLOSED_SHOWN = 20


@require_GET
@only("events.view")
def events(request: HttpRequest) -> HttpResponse:
    """What providers told us, without the bodies: they stay sealed."""
    state = request.GET.get("state", "")
    rows = ProviderEvent.objects.select_related("account").defer("body")
    if state in ProviderEvent.State.values:
        rows = rows.filter(state=state)
    return page(
        request,
        "events",
        _("Provider messages"),
        state=state,
        states=words.choices("event"),
        list=page_of(request, rows),
        number=capped_count(rows),
    )


@action("events.replay", back="../../")
def replay(request: HttpRequest, key: int) -> HttpResponse:
    """Work on a message again from our own table."""
    event = get_object_or_404(ProviderEvent, pk=key)
    if actions.replay(event, by=access.by(request)):
        messages.success(request, _("The message was worked on; what it says is in place."))
    else:
        messages.error(request, _("It failed again. It will be tried by itself later."))
    return redirect("console:events")


@require_GET
@only("alarms.view")
def alarms(request: HttpRequest) -> HttpResponse:
    """Open alarms, then those closed last."""
    closed = Alarm.objects.exclude(resolved_at=None).order_by("-resolved_at")[:CLOSED_SHOWN]
    return page(request, "alarms", _("Alarms"), open=jobs_now.open_alarms(), closed=closed)


@action("alarms.close", back="../../")
def close_alarm(request: HttpRequest, key: int) -> HttpResponse:
    """Somebody has seen to it."""
    alarm = get_object_or_404(Alarm, pk=key)
    if actions.close_alarm(alarm, by=access.by(request)):
        messages.success(request, _("The alarm is closed. It opens again if it rings again."))
    else:
        messages.info(request, _("The alarm was closed before."))
    return redirect("console:alarms")


@require_GET
@only("jobs.view")
def jobs(request: HttpRequest) -> HttpResponse:
    """Every scheduled job with its last run, and the runs, the newest first."""
    late = {job.name for job in jobs_now.late_jobs(clock.real_now())}
    seen = Job.objects.in_bulk()
    return page(
        request,
        "jobs",
        _("Jobs"),
        jobs=[_row(name, seen.get(name), name in late) for name in settings.JOBS],
        list=page_of(request, JobRun.objects.all()),
    )


def _row(name: str, job: Job | None, is_late: bool) -> dict[str, Any]:
    return {"name": name, "done_at": job.last_done_at if job else None, "late": is_late}
