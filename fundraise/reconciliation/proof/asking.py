"""The whole proof when somebody asks: minutes of old books, so a worker does it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from fundraise.jobs import work
from fundraise.jobs.holding import held
from fundraise.jobs.models import Work
from fundraise.jobs.work import Pace
from fundraise.reconciliation.proof import running

KIND = "day_proof"


def ask(*, by: str) -> Work | None:
    """Have the day proved by a worker; None when one is at it already."""
    return work.begin_once(KIND, by=by, arguments={}, place=reverse("console:day_proof"))


def latest() -> Work | None:
    """The newest that somebody asked for, as far as it has come."""
    return Work.objects.filter(kind=KIND).order_by("-pk").first()


def run(_arguments: dict[str, Any], pace: Pace) -> None:
    """settings.WORK["day_proof"]: a second run proves the day once more."""
    with held(pace):
        running.run(by=pace.asked_by)
