from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from donors.models.donor import Donor


class DonorMerge(models.Model):
    """Two records were one donor: everything of `gone` went to `kept`. A row is made once.

    The gone record stays for the history that names it (mails, filed reports, issued statements),
    as nobody's; whoever reads the donor's history asks for it too (`donors.merged.records_of`).
    Its name, where it was another, is sealed under the kept donor's key and forgotten with them.
    """

    gone = models.OneToOneField(
        Donor, on_delete=models.PROTECT, primary_key=True, related_name="merged"
    )
    kept = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="merges")
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    why = models.CharField(max_length=200)
    moved = models.JSONField(
        default=dict, help_text=_("How many of each thing; nothing of a person.")
    )
    name_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(gone=models.F("kept")), name="merge_of_two_records"
            ),
            models.CheckConstraint(condition=~models.Q(why=""), name="merge_says_why"),
        ]
