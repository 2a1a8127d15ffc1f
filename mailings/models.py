"""Mail that follows from one event: prepared once, claimed before it is sent."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint


class TransactionalMessage(models.Model):
    """One mail about one subject. Address and body are sealed; times are real time.

    prepared → claimed → sent, failed or in_doubt. In doubt means that the mail may have left: only
    the sender's own proof or a person settles it.
    """

    class State(models.TextChoices):
        PREPARED = "prepared"
        CLAIMED = "claimed"
        SENT = "sent"
        FAILED = "failed"
        IN_DOUBT = "in_doubt"

    kind = models.CharField(max_length=30)
    subject_ref = models.CharField(max_length=64)
    message_id = models.CharField(max_length=120, unique=True)
    sealed = models.BinaryField(
        null=True, help_text="Address, subject and bodies; later forgotten."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREPARED)
    sender = models.CharField(max_length=20, blank=True, help_text="Who was asked to send it last.")
    attempts = models.PositiveSmallIntegerField(default=0)
    prepared_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    settled_by = models.CharField(max_length=60, blank=True, help_text="Who settled a doubt.")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["kind", "subject_ref"], name="transactional_once_per_subject"),
            CheckConstraint(
                condition=Q(state__in=["prepared", "claimed", "sent", "failed", "in_doubt"]),
                name="transactional_state_known",
            ),
            CheckConstraint(
                condition=~Q(state="claimed")
                | Q(claimed_at__isnull=False, lease_until__isnull=False),
                name="transactional_claim_has_lease",
            ),
            CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | ~Q(state="sent") & Q(sent_at=None),
                name="transactional_sent_has_time",
            ),
            CheckConstraint(
                condition=Q(sealed__isnull=False) | Q(state__in=["sent", "failed"]),
                name="transactional_forgotten_only_when_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="prepared"), name="transactional_due"
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="claimed"), name="transactional_leases"
            ),
            models.Index(
                fields=["prepared_at"],
                condition=Q(sealed__isnull=False),
                name="transactional_to_forget",
            ),
        ]
