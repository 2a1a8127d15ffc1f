"""PDFs as they were handed out the first time: whoever asks again gets the same bytes."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint


class KeptPaper(models.Model):
    """One paper in one language: of a receipt, or of a yearly statement."""

    receipt = models.ForeignKey(
        "reporting.Receipt", null=True, on_delete=models.PROTECT, related_name="papers"
    )
    statement = models.ForeignKey(
        "reporting.YearStatement", null=True, on_delete=models.PROTECT, related_name="papers"
    )
    language = models.CharField(max_length=2)
    template = models.PositiveSmallIntegerField(help_text="The number of the template.")
    sealed = models.BinaryField(help_text="The bytes, sealed.")
    sha256 = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(receipt=None, statement__isnull=False)
                | Q(receipt__isnull=False, statement=None),
                name="paper_of_one_thing",
            ),
            UniqueConstraint(fields=["receipt", "language"], name="paper_of_receipt_once"),
            UniqueConstraint(fields=["statement", "language"], name="paper_of_statement_once"),
            CheckConstraint(condition=Q(language__in=["sv", "en"]), name="paper_language_known"),
        ]
