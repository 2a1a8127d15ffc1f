"""Provider messages, alarms and jobs: what the house does by itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access, actions, duties, standing
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.tables.house import ALARMS, EVENTS, RUNS
from fundraise.console.tables.page import list_page
from fundraise.jobs import queries as jobs_now
from fundraise.jobs.models import Alarm
from fundraise.jobs.tasks import KEPT_FOR
from fundraise.providers.models import ProviderEvent


@require_GET
@only("events.view")
def events(request: HttpRequest) -> HttpResponse:
    """What providers told us, without the bodies: they stay sealed."""
    return list_page(request, EVENTS)


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
    """Alarms, the open ones first to be chosen, and what to do about each kind that is open."""
    ringing = {alarm.code for alarm in jobs_now.open_alarms()}
    todo = [(code, duties.alarm(code), duties.advice(code)) for code in sorted(ringing)]
    return list_page(request, ALARMS, todo=todo)


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
    """Every scheduled job: whether it is late, when it was last done, its runs."""
    only_late = request.GET.get("show") == "late"
    rows = [job for job in standing.of_jobs() if job.late or not only_late]
    kept = KEPT_FOR.days
    return page(request, "jobs", _("Jobs"), jobs=rows, only_late=only_late, kept_days=kept)


@require_GET
@only("jobs.view")
def runs(request: HttpRequest) -> HttpResponse:
    """The runs of jobs, the newest first."""
    return list_page(request, RUNS)
