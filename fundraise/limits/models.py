"""How much of an allowance is left; the key is a keyed hash, so no address is kept."""

from __future__ import annotations

from django.db import models


class Bucket(models.Model):
    """One allowance of one address block: tokens that refill evenly."""

    key = models.BinaryField(max_length=80, unique=True)
    tokens = models.FloatField()
    taken_at = models.DateTimeField(db_index=True)
