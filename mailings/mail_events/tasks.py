"""The doors for Celery."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from fundraise import clock
from fundraise.jobs import services as jobs
from mailings.mail_events import arrivals, doubts, taking
from mailings.mail_events.models import Arrival, EventPost, MailEvent

PRUNED_AT_ONCE = 20_000


@shared_task(expires=600)
def take() -> None:
    """Work on what waits, and judge what it changed."""
    taking.take_waiting()
    arrivals.judge_waiting()


@shared_task(expires=600)
def take_soon() -> None:
    """A post was kept: take it, and those that come in the same second, in one run."""
    take.apply_async(countdown=1, retry=False)


@shared_task
def sweep() -> None:
    """Work on posts whose task was lost; judge visits; settle what events have proved."""
    with jobs.record_run("mail-event-sweep") as counts:
        counts.update(taking.take_waiting())
        counts["judged"] = arrivals.judge_waiting()
        counts["settled"] = doubts.settle_mails()


@shared_task
def tidy() -> None:
    """Delete raw posts, events and visits whose time has run out; what became of mails stays."""
    with jobs.record_run("mail-event-tidy") as counts:
        now = clock.real_now()
        old = clock.now() - timedelta(days=settings.MAIL_EVENTS_KEEP_DAYS)
        posts = EventPost.objects.filter(keep_until__lt=now.date()).order_by("pk")[:2000]
        counts["posts"] = EventPost.objects.filter(pk__in=posts.values("pk")).delete()[0]
        events = MailEvent.objects.filter(at__lt=old).order_by("at")[:PRUNED_AT_ONCE]
        counts["events"] = MailEvent.objects.filter(pk__in=events.values("pk")).delete()[0]
        visits = Arrival.objects.filter(at__lt=old).order_by("pk")[:PRUNED_AT_ONCE]
        counts["visits"] = Arrival.objects.filter(pk__in=visits.values("pk")).delete()[0]
