"""A gift given once in the place of a month's draw."""

from __future__ import annotations

from django.db import models

from fundraise.gifts.models import Gift
from fundraise.pledges.models.instalment import Instalment


class Instead(models.Model):
    """One gift begun for one month that was missed. Several may be begun; what counts is money."""

    gift = models.OneToOneField(Gift, on_delete=models.PROTECT, related_name="instead")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="instead")
    created_at = models.DateTimeField()
