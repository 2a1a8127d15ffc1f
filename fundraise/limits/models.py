"""Allowances, counts per minute, the breaker, and what may be used once. No address is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint


class Bucket(models.Model):
    """One allowance of one address block: tokens that refill evenly. The key is a keyed hash."""

    key = models.BinaryField(max_length=80, unique=True)
    tokens = models.FloatField()
    taken_at = models.DateTimeField(db_index=True)


class Tally(models.Model):
    """How often something happened in one minute; in shards, so that nobody waits for a row."""

    scope = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    minute = models.DateTimeField()
    shard = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["scope", "minute", "kind", "shard"], name="limits_tally_once_per_minute"
            ),
        ]
        indexes = [models.Index(fields=["minute"], name="limits_tally_by_age")]


class Breaker(models.Model):
    """Whether a proof of work is asked for, and since when. Times are real time."""

    scope = models.CharField(max_length=40, unique=True)
    opened_at = models.DateTimeField(null=True, help_text="Empty while it is closed.")
    bad_at = models.DateTimeField(help_text="When the figures were last seen to be bad.")
    closed_at = models.DateTimeField(null=True)
    openings = models.PositiveSmallIntegerField(
        default=1, help_text="In a row: each needs a longer calm than the one before."
    )

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(opened_at__isnull=False) | Q(closed_at__isnull=False),
                name="limits_breaker_open_or_was",
            ),
        ]


class Spent(models.Model):
    """What may be used once and has been: for which words, and until when it is remembered."""

    key = models.BinaryField(max_length=32, unique=True)
    words = models.BinaryField(max_length=32)
    until = models.DateTimeField(db_index=True)
