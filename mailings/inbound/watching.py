"""Rings when a person who wrote to us has waited too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from fundraise.jobs import services as jobs
from mailings.inbound.models import Reply

OVERDUE = "replies-overdue"
LATE = timedelta(hours=24)  # after the due time


def watch(now: datetime) -> int:
    """How many are past their time; an alarm when one has been for a day."""
    waiting = Reply.objects.filter(state=Reply.State.OPEN, due_at__lt=now)
    if waiting.filter(due_at__lt=now - LATE).exists():
        text = "People who wrote to us have waited a day longer than they should."
        jobs.raise_alarm(OVERDUE, "queue", text)
    else:
        jobs.resolve_alarms(OVERDUE)
    return waiting.count()
