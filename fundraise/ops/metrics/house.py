"""How the house does, read from the database when it is asked. Sums and ages, nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import Error
from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from fundraise import clock, seal
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.jobs import queries as jobs
from fundraise.jobs.models import Alarm, Job
from fundraise.limits.models import Breaker
from fundraise.ops.models import RestoreTrial
from fundraise.outbox import queries as outbox
from fundraise.outbox.models import OutboxEvent
from fundraise.providers.models import Attempt, ProviderEvent
from mailings.models import TransactionalMessage

Values = dict[str, float]


class HouseCollector:
    """prometheus-client's custom collector."""

    def collect(self) -> Iterator[Metric]:
        """Everything, or that the database does not answer."""
        try:
            found = [*_money(), *_work(), *_watch()]
        except Error:
            found = []
        yield _one("database_up", "Whether the database answered.", float(bool(found)))
        yield from found


def _money() -> Iterator[Metric]:
    rows = Thermometer.objects.filter(campaign__status=Campaign.Status.LIVE).values_list(
        "campaign__slug", "received_ore", "gifts"
    )
    told = list(rows)
    received = {slug: float(ore) for slug, ore, _gifts in told}
    gifts = {slug: float(number) for slug, _ore, number in told}
    yield _by("campaign_received_ore", "Received by live campaigns.", "campaign", received)
    yield _by("campaign_gifts", "Gifts of live campaigns that stand.", "campaign", gifts)
    open_ = Attempt.objects.filter(state__in=["created", "open"]).count()
    yield _one("attempts_open", "Pages at a provider that may be paid now.", open_)
    breakers = Breaker.objects.filter(opened_at__isnull=False).count()
    yield _one("breakers_open", "Accounts whose page asks for a proof of work.", breakers)
    yield _one("house_open", "Whether gifts may begin.", float(seal.is_open()))


def _work() -> Iterator[Metric]:
    waits = outbox.oldest_due_age(clock.real_now()).total_seconds()
    yield _one("outbox_oldest_seconds", "How long the oldest due fact has waited.", waits)
    waiting = dict.fromkeys(("new", "failed"), 0.0) | _states(OutboxEvent, "new", "failed")
    yield _by("outbox_facts", "Facts not delivered.", "state", waiting)
    events = dict.fromkeys(("stored", "failed"), 0.0) | _states(ProviderEvent, "stored", "failed")
    yield _by("provider_messages", "Providers' messages not worked on.", "state", events)
    states = ("prepared", "claimed", "in_doubt")
    mails = dict.fromkeys(states, 0.0) | _states(TransactionalMessage, *states)
    yield _by("mails", "Mails that have not left for sure.", "state", mails)


def _watch() -> Iterator[Metric]:
    now = clock.real_now()
    alarms = Alarm.objects.filter(resolved_at=None).values_list("code").annotate(n=Count("pk"))
    yield _by("alarms_open", "Open alarms.", "code", {code: float(n) for code, n in alarms})
    done = Job.objects.filter(name__in=settings.JOBS, last_done_at__isnull=False)
    ages = {job.name: _age(now, job.last_done_at) for job in done}
    yield _by("job_done_seconds", "Seconds since a job was last done.", "job", ages)
    late = {job.name for job in jobs.late_jobs(now)}
    told = {name: float(name in late) for name in settings.JOBS}
    yield _by("job_late", "Whether a job should have run and did not.", "job", told)
    tried = RestoreTrial.objects.filter(equal=True).order_by("-at").first()
    if tried is not None:
        age = _age(now, tried.at)
        yield _one("restore_tried_seconds", "Seconds since a restore came back as it was.", age)


def _age(now: datetime, then: datetime | None) -> float:
    return (now - then).total_seconds() if then else 0.0


def _states(
    model: type[OutboxEvent | ProviderEvent | TransactionalMessage], *states: str
) -> Values:
    rows = model._default_manager.filter(state__in=states).values_list("state")
    return {state: float(number) for state, number in rows.annotate(number=Count("pk"))}


def _one(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"fundraise_{name}", meaning, value=value)


def _by(name: str, meaning: str, label: str, values: Values) -> Metric:
    family = GaugeMetricFamily(f"fundraise_{name}", meaning, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
