"""Facts that happened, written in the same transaction as the change they tell of."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q


class OutboxEvent(models.Model):
    """One fact for one subscriber: ids only, never personal data. Times are real time."""

    class State(models.TextChoices):
        NEW = "new"
        DONE = "done"
        FAILED = "failed"

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    subscriber = models.CharField(max_length=120)
    state = models.CharField(max_length=6, choices=State.choices, default=State.NEW)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state__in=["new", "done", "failed"]), name="outbox_state_known"
            ),
            CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | ~Q(state="done") & Q(done_at=None),
                name="outbox_done_has_time",
            ),
        ]
        indexes = [
            # Partial: the sweeper reads only what waits, however many have been delivered.
            models.Index(fields=["next_try_at", "id"], condition=Q(state="new"), name="outbox_due"),
        ]
