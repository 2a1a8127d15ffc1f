"""Keys of the API: what opens it for a program, on behalf of the member of staff who made it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q

from fundraise.ledger.models import LegalEntity

LONGEST_LIFE = timedelta(days=366)
PREFIX = r"^[a-z0-9]{8}$"


class ApiKey(models.Model):
    """One key: its first part in clear, and a hash of the whole. Never deleted, only ended.

    The hash is a plain SHA-256: the secret is 256 random bits, so there is nothing to guess that a
    slow hash would protect, and every request looks it up. Times are real time.
    """

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.BinaryField(max_length=32, unique=True)
    mode = models.CharField(max_length=4)
    permissions = models.JSONField(default=list)
    entities = models.ManyToManyField(LegalEntity, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_keys"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(prefix__regex=PREFIX), name="key_prefix_is_a_code"),
            CheckConstraint(condition=Q(mode__in=["demo", "test", "live"]), name="key_mode_known"),
            CheckConstraint(
                condition=Q(expires_at__gt=F("made_at"))
                & Q(expires_at__lte=F("made_at") + LONGEST_LIFE),
                name="key_lives_a_year_at_most",
            ),
            CheckConstraint(
                condition=Q(ended_at=None, ended_by="")
                | Q(ended_at__isnull=False) & ~Q(ended_by=""),
                name="key_end_is_named",
            ),
        ]
        indexes = [models.Index(fields=["made_by"], name="key_by_maker")]

    def __str__(self) -> str:
        return f"key {self.prefix}"

    @property
    def actor(self) -> str:
        """How the logs name it."""
        return f"key:{self.prefix}"

    @property
    def person(self) -> str:
        """Whom it acts for: the one who can't be the second person of what it asked."""
        return f"staff:{self.made_by_id}"
