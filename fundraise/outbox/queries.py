"""How long the outbox has waited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from fundraise.outbox.models import OutboxEvent


def oldest_due_age(now: datetime) -> timedelta:
    """How long the first due row has been due; zero when nothing waits."""
    waiting = OutboxEvent.objects.filter(state=OutboxEvent.State.NEW, next_try_at__lte=now)
    first = waiting.order_by("next_try_at", "pk").values_list("next_try_at", flat=True).first()
    return now - first if first else timedelta(0)


def was_told(kind: str, subject_ids: Iterable[int]) -> bool:
    """Whether a fact was told about one of these, as far back as facts are kept."""
    return OutboxEvent.objects.filter(kind=kind, subject_id__in=list(subject_ids)).exists()
