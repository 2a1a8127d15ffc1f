"""What running the house leaves behind: restores that were tried."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q


class RestoreTrial(models.Model):
    """One backup that was restored beside the house and compared with it. Real time."""

    at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    backup = models.CharField(max_length=40, help_text="The name of the backup's folder.")
    tables = models.PositiveIntegerField()
    rows = models.PositiveBigIntegerField()
    checks = models.PositiveIntegerField(help_text="Identities of the books that were compared.")
    equal = models.BooleanField()
    told = models.CharField(max_length=300, blank=True, help_text="The first difference.")
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(equal=False) | Q(told=""), name="restore_trial_equal_silent"
            )
        ]
        indexes = [models.Index(fields=["-at"], name="restore_trial_by_age")]


class GoLiveAnswer(models.Model):
    """What a line of the go-live page answered; the newest of a line counts. Real time."""

    line = models.CharField(max_length=40)
    state = models.CharField(max_length=7)
    code = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    about = models.CharField(max_length=40, help_text="What it was asked about, as a keyed hash.")
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    expects = models.BinaryField(null=True, help_text="The keyed hash of a code that was sent.")
    wrong = models.PositiveSmallIntegerField(default=0, help_text="Codes typed that were not it.")

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state__in=["green", "waiting", "asking", "red"]),
                name="go_live_state_known",
            )
        ]
        indexes = [models.Index(fields=["line", "-id"], name="go_live_newest")]


class GoLiveSignature(models.Model):
    """That somebody answers for one answer of a line that is not green, why, and until when."""

    line = models.CharField(max_length=40)
    about = models.CharField(max_length=40, help_text="The answer it was given for, as a mark.")
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    valid_till = models.DateField()

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(reason=""), name="go_live_signature_has_reason")
        ]
        indexes = [models.Index(fields=["line", "-id"], name="go_live_signed_last")]
