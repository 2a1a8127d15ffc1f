"""Receipts: one per received one-off gift, numbered without gaps per entity and year.

A gift of a pledge is told of once a year, and gets a receipt of its own when somebody asks.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref
from fundraise.reporting.exports.models import ExportRecord
from fundraise.reporting.papers.models import KeptPaper
from fundraise.reporting.yearly.models import (
    StatementCounter,
    StatementLine,
    YearStatement,
    YearTelling,
)

__all__ = [
    "ExportRecord",
    "KeptPaper",
    "Receipt",
    "ReceiptCounter",
    "StatementCounter",
    "StatementLine",
    "YearStatement",
    "YearTelling",
]


class Receipt(models.Model):
    """The thanks with an amount. The gift does not change, and the rest is frozen when issued."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    gift = models.OneToOneField(Gift, on_delete=models.PROTECT, related_name="receipt")
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="receipts")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=2, default="sv")
    issued_at = models.DateTimeField()
    frozen = models.JSONField(
        null=True, help_text="The payee's particulars and the campaign's title as they were."
    )

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "year", "number"], name="receipt_number_once"),
            CheckConstraint(condition=Q(number__gt=0), name="receipt_number_from_one"),
            CheckConstraint(condition=Q(language__in=["sv", "en"]), name="receipt_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


class ReceiptCounter(models.Model):
    """The last number given by an entity in a year; moved in the receipt's own transaction."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "year"], name="receipt_counter_once_per_year")
        ]
