"""Webhooks out: where facts are sent to, and each fact on its way there."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class Endpoint(models.Model):
    """An address of somebody else's that wants to know. Times are real time."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=300)
    kinds = models.JSONField(default=list)
    secret = models.BinaryField(help_text="Sealed.")
    old_secret = models.BinaryField(null=True, help_text="Sealed; signs too, for a while.")
    old_until = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    paused_why = models.CharField(max_length=20, blank=True)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    well_since = models.DateTimeField(help_text="The last answer that was good, or the start.")

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(old_secret=None, old_until=None)
                | Q(old_secret__isnull=False, old_until__isnull=False),
                name="endpoint_old_secret_runs_out",
            ),
            CheckConstraint(
                condition=Q(is_active=True, paused_why="") | Q(is_active=False) & ~Q(paused_why=""),
                name="endpoint_pause_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"endpoint {self.ref}"


class Delivery(models.Model):
    """One fact for one endpoint: refs only. `ref` is the id that the receiver sees, every time."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=20)
    subject_ref = models.UUIDField()
    once = models.CharField(max_length=120, help_text="Names the fact: it is sent once.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=40, blank=True)
    happened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["endpoint", "once"], name="delivery_once"),
            CheckConstraint(
                condition=Q(state="waiting", done_at=None)
                | Q(state__in=["delivered", "failed"], done_at__isnull=False),
                name="delivery_done_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], condition=Q(state="waiting"), name="delivery_due"
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_by_endpoint"),
        ]
