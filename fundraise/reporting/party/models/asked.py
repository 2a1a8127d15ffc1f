"""Who was asked for the identity that the law wants, once a year."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from donors.models import Donor
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class IdentityAsk(models.Model):
    """One giver whose year nears the anonymous limit. `giver` is the key that sums are made by."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="identity_asks")
    year = models.PositiveSmallIntegerField()
    giver = models.CharField(max_length=180)
    donor = models.ForeignKey(
        Donor, null=True, on_delete=models.PROTECT, related_name="identity_asks"
    )
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="identity_asks")
    sum_ore = models.BigIntegerField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "year", "giver"], name="identity_asked_once_a_year"),
            CheckConstraint(condition=Q(sum_ore__gt=0), name="identity_ask_above_zero"),
        ]
