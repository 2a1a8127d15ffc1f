"""The register of files taken out: who, when, which list, narrowed how, how many rows, which sums.

A file that a worker made lies encrypted in settings.EXPORT_DIR until it expires; its key is in the
row and goes with it, so that what is left on a disk can't be read.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q

from fundraise.jobs.models import Work
from fundraise.refs import new_ref


class ExportRecord(models.Model):
    """One file, or one that is being made. Nothing here is a person's data."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    by = models.CharField(max_length=60)
    table = models.CharField(max_length=40, help_text="Which list it was taken from.")
    chosen = models.JSONField(default=dict, help_text="The filter, as codes.")
    columns = models.JSONField(default=list)
    format = models.CharField(max_length=4)
    language = models.CharField(max_length=2)
    personal = models.BooleanField(default=False, help_text="It holds names or addresses.")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(null=True)
    sums = models.JSONField(default=dict, help_text="Öre or numbers by column.")
    size = models.BigIntegerField(null=True)
    sha256 = models.BinaryField(max_length=32, null=True)
    work = models.ForeignKey(Work, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.BinaryField(null=True, help_text="Opens the kept file; gone when it has expired.")
    expires_at = models.DateTimeField(null=True)
    fetched = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(made_at=None, rows=None, sha256=None, size=None)
                | Q(
                    made_at__isnull=False,
                    rows__isnull=False,
                    sha256__isnull=False,
                    size__isnull=False,
                ),
                name="export_made_has_proof",
            ),
            CheckConstraint(
                condition=Q(format__in=["csv", "xlsx", "json", "pdf"]), name="export_format_known"
            ),
            CheckConstraint(
                condition=Q(key=None) | Q(expires_at__isnull=False), name="export_kept_expires"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(key__isnull=False), name="export_kept"),
        ]
