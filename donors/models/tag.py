from __future__ import annotations

from django.db import models
from django.db.models import Q

from donors.models.donor import SOURCE, Donor


class Tag(models.Model):
    """A word that staff sort donors by. Two spellings of one word are one tag (`key`)."""

    id = models.BigAutoField(primary_key=True)
    label = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(label="") & ~Q(key=""), name="tag_has_a_word"),
        ]

    def __str__(self) -> str:
        return self.label


class DonorTag(models.Model):
    """A donor bears a tag; who put it there, when, and from where."""

    id = models.BigAutoField(primary_key=True)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="donor_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="donor_tags")
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["donor", "tag"], name="donor_tag_once"),
            models.CheckConstraint(
                condition=Q(source__regex=SOURCE), name="donor_tag_source_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"tag {self.tag_id} of donor {self.donor_id}"
