"""The lists of the house: providers' messages, alarms, runs of jobs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import badges, duties
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.templatetags.staff import breakable
from fundraise.jobs.models import Alarm, JobRun
from fundraise.providers.models import ProviderEvent

EVENTS = Table(
    name="events",
    title=_("Provider messages"),
    permission="events.view",
    take_out="events.view",
    path="",
    rows=lambda: ProviderEvent.objects.select_related("account").defer("body"),
    count=lambda n, shown: (
        ngettext("%(shown)s message", "%(shown)s messages", n) % {"shown": shown}
    ),
    empty=_("No message yet. What the providers tell us stands here, as it came."),
    template="events",
    act="console/_act_event.html",
    columns=(
        Column("received_at", _("Came"), lambda e: e.received_at, Kind.TIME),
        Column("kind", _("Kind"), lambda e: e.kind, Kind.CODE, show=lambda e: breakable(e.kind)),
        Column("state", _("State"), lambda e: e.state, badge="event"),
        Column(
            "object_id",
            _("About"),
            lambda e: e.object_id,
            Kind.CODE,
            wide=True,
            show=lambda e: e.object_id[:20],
        ),
        Column("tries", _("Tries"), lambda e: e.tries, Kind.NUMBER, wide=True),
        Column("error", _("Error"), lambda e: e.error, Kind.CODE, wide=True),
        Column("account", _("Account"), lambda e: e.account.name, on_page=False),
        Column("event_id", _("Message"), lambda e: e.event_id, Kind.CODE, on_page=False),
        Column("via", _("Way"), lambda e: e.via, Kind.CODE, on_page=False),
        Column("processed_at", _("Worked on"), lambda e: e.processed_at, Kind.TIME, on_page=False),
    ),
    filters=(
        filters.state("event"),
        filters.account("events.view"),
        *filters.moments("received_at"),
        filters.reference(
            lambda typed: Q(object_id=typed) | Q(event_id=typed) | Q(kind=typed), _("about")
        ),
    ),
)


def _alarms() -> QuerySet[Any]:
    closed = When(resolved_at__isnull=False, then=Value("closed"))
    return Alarm.objects.annotate(
        state=Case(closed, default=Value("open"), output_field=CharField())
    )


ALARMS = Table(
    name="alarms",
    title=_("Alarms"),
    permission="alarms.view",
    take_out="alarms.view",
    path="",
    rows=_alarms,
    count=lambda n, shown: ngettext("%(number)s alarm", "%(number)s alarms", n) % {"number": shown},
    empty=_("A late job, a message that failed or money without a place will stand here."),
    template="alarms",
    act="console/_act_alarm.html",
    columns=(
        Column("raised_at", _("Since"), lambda a: a.raised_at, Kind.TIME),
        Column("code", _("What"), lambda a: a.code, words=duties.alarm),
        Column("state", _("State"), lambda a: a.state, badge="alarm"),
        Column("subject", _("About"), lambda a: a.subject, Kind.CODE, wide=True),
        Column("resolved_at", _("Closed at"), lambda a: a.resolved_at, Kind.TIME, wide=True),
        Column("text", _("In the machine's words"), lambda a: a.text, on_page=False),
    ),
    filters=(
        filters.choice(
            "state",
            _("Show"),
            badges.choices("alarm"),
            filters.where("state"),
            initial="open",
        ),
        filters.choice(
            "code",
            _("about"),
            list(duties.ALARMS.items()),
            filters.where("code"),
            every=_("everything"),
        ),
        *filters.moments("raised_at"),
    ),
)


def _seconds(run: JobRun) -> int | None:
    """How long a run took, in whole seconds."""
    if run.finished_at is None:
        return None
    return round((run.finished_at - run.started_at).total_seconds())


def did(run: JobRun) -> str:
    """What a run counted: "ran 3, failed 0"."""
    return ", ".join(f"{name} {n}" for name, n in run.counts.items())


RUNS = Table(
    name="runs",
    title=_("Runs of jobs"),
    permission="jobs.view",
    take_out="jobs.view",
    path="",
    rows=lambda: JobRun.objects.all(),
    count=lambda n, shown: ngettext("%(number)s run", "%(number)s runs", n) % {"number": shown},
    empty=_("No run yet. The workers leave one here each time a job runs."),
    columns=(
        Column("started_at", _("Begun"), lambda r: r.started_at, Kind.TIME),
        Column("name", _("Job"), lambda r: r.name, Kind.CODE),
        Column("state", _("State"), lambda r: r.state, badge="run"),
        Column("seconds", _("Seconds"), _seconds, Kind.NUMBER, wide=True),
        Column("did", _("Did"), did, wide=True),
        Column("error", _("Error"), lambda r: r.error, Kind.CODE, wide=True),
        Column("finished_at", _("Ended"), lambda r: r.finished_at, Kind.TIME, on_page=False),
    ),
    filters=(
        filters.state("run"),
        filters.choice(
            "job",
            _("runs of"),
            [(name, name) for name in settings.JOBS],
            filters.where("name"),
            every=_("every job"),
        ),
        *filters.moments("started_at"),
    ),
)
