"""What was answered to a write, kept for a day, so that the same request is done once."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from fundraise.refs import new_ref


class WriteRequest(models.Model):
    """One Idempotency-Key of one client on one address. Times are real time."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    client = models.CharField(max_length=60)
    method = models.CharField(max_length=6)
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    body_hash = models.BinaryField(max_length=32)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    created_at = models.DateTimeField()
    held_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.BinaryField(null=True, help_text="Headers and body as answered, sealed.")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["client", "method", "route", "key"], name="write_request_once"
            ),
            CheckConstraint(
                condition=Q(state="running", answer=None, status=None)
                | Q(state="done", answer__isnull=False, status__isnull=False),
                name="write_request_done_has_answer",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="write_request_by_age")]
