from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from donors.models.donor import Donor


class DonorsApart(models.Model):
    """Somebody looked at two records that are alike and said that they are two donors.

    A pair stands once, the lower number first, and is suggested to nobody while it stands.
    """

    id = models.BigAutoField(primary_key=True)
    first = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_order"),
        ]

    def other(self, donor_id: int) -> int:
        """The one of the two that is not this one."""
        return self.second_id if self.first_id == donor_id else self.first_id
