"""Yearly statements. A row is what was said on a day; a year that changes gets a new version.

Whose it is: a donor of the register, or the keyed address of somebody whose gifts no donor has yet.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class YearStatement(models.Model):
    """One version. Its number is the giver's in that entity and year, without gaps from 1."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    donor = models.ForeignKey(
        Donor, null=True, on_delete=models.PROTECT, related_name="year_statements"
    )
    giver_key = models.BinaryField(max_length=80, null=True)
    previous = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="following"
    )
    gifts = models.PositiveIntegerField()
    given_ore = models.BigIntegerField()
    back_ore = models.BigIntegerField(help_text="Sent or taken back of them.")
    digest = models.BinaryField(max_length=32, help_text="Of the gifts and sums it lists.")
    sealed = models.BinaryField(help_text="What it says, frozen: names, particulars, lines.")
    issued_at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["entity", "year", "number", "version"], name="year_statement_number_once"
            ),
            CheckConstraint(condition=Q(number__gt=0), name="year_statement_number_from_one"),
            CheckConstraint(
                condition=Q(donor=None, giver_key__isnull=False)
                | Q(donor__isnull=False, giver_key=None),
                name="year_statement_of_one_giver",
            ),
            CheckConstraint(
                condition=Q(version=1, previous=None) | Q(version__gt=1, previous__isnull=False),
                name="year_statement_names_the_one_before",
            ),
            CheckConstraint(
                condition=Q(back_ore__gte=0, back_ore__lte=F("given_ore")),
                name="year_statement_back_within_given",
            ),
        ]
        indexes = [
            models.Index(fields=["entity", "year", "donor"], name="year_statement_of_donor"),
            models.Index(fields=["entity", "year", "giver_key"], name="year_statement_of_key"),
        ]

    def __str__(self) -> str:
        shown = f"{self.year}-{self.number}"
        return shown if self.version == 1 else f"{shown} v{self.version}"

    @property
    def total_ore(self) -> int:
        """What is left of the year's gifts."""
        return self.given_ore - self.back_ore


class StatementLine(models.Model):
    """One gift of a statement, with the sums that it had on that day."""

    statement = models.ForeignKey(YearStatement, on_delete=models.PROTECT, related_name="lines")
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="+")
    given_ore = models.BigIntegerField()
    back_ore = models.BigIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["statement", "gift"], name="statement_line_once"),
        ]


class YearTelling(models.Model):
    """A giver was told that a year's statement is there: once, however often staff press."""

    class Way(models.TextChoices):
        MAIL = "mail", _("by mail")
        PAPER = "paper", _("by post")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    donor = models.ForeignKey(Donor, null=True, on_delete=models.PROTECT, related_name="+")
    giver_key = models.BinaryField(max_length=80, null=True)
    way = models.CharField(max_length=5, choices=Way.choices)
    times = models.PositiveSmallIntegerField(default=1, help_text="More when staff sent it again.")
    told_at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "year", "donor"], name="year_told_once_per_donor"),
            UniqueConstraint(fields=["entity", "year", "giver_key"], name="year_told_once_per_key"),
            CheckConstraint(
                condition=Q(donor=None, giver_key__isnull=False)
                | Q(donor__isnull=False, giver_key=None),
                name="year_telling_of_one_giver",
            ),
            CheckConstraint(condition=Q(way__in=["mail", "paper"]), name="year_telling_way_known"),
            CheckConstraint(
                condition=Q(way="mail") | Q(donor__isnull=False), name="year_paper_has_a_donor"
            ),
            CheckConstraint(
                condition=Q(times__gte=1, times__lte=20), name="year_telling_times_within_reason"
            ),
        ]

    @property
    def mail_ref(self) -> str:
        """What the mail of the last time is about."""
        return f"{self.ref}:{self.times}"


class StatementCounter(models.Model):
    """The last number of an entity and year; its row lock lets one write statements at a time."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "year"], name="statement_counter_once_per_year")
        ]
