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
