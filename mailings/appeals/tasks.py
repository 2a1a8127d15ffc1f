"""The doors for Celery: the beat looks after appeals, and a few loops carry them."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.outbox import courier
from mailings.appeals.services import carrying, finishing, watching

SECONDS = 45.0


@shared_task
def watch() -> None:
    """Begin what is due, end leases, let waves go, finish; start the loops where there is work."""
    with jobs.record_run("appeals") as counts:
        counts.update(watching.watch())
    if counts["open"]:
        for _loop in range(settings.APPEAL_LOOPS):
            courier.send(carry)


@shared_task
def carry() -> None:
    """Prepare and send for a while; go on in another task while there is more."""
    if carrying.carry(SECONDS):
        courier.send(carry)


@shared_task
def tidy() -> None:
    """Delete addresses and values of appeals that ended some days ago."""
    with jobs.record_run("appeals-tidy") as counts:
        counts["forgotten"] = finishing.forget_payloads(clock.now())
