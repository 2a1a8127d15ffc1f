"""A report as it was filed: the app role may add versions and change none of them."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from donors.models import Donor
from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class PartyReport(models.Model):
    """One version of an entity's report of a year; a later version amends it.

    `gifts_ore` is what stood of the year's gifts of money, `ledger_ore` what the books had then on
    the account of gifts with an event in the year: both are added up anew by verify_books.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="party_reports")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    base_ore = models.BigIntegerField()
    base_year = models.PositiveSmallIntegerField()
    anonymous_ore = models.BigIntegerField()
    gifts_ore = models.BigIntegerField()
    ledger_ore = models.BigIntegerField()
    last_journal = models.BigIntegerField(help_text="place in the entity's hash chain")
    total_ore = models.BigIntegerField()
    is_freed = models.BooleanField()
    sha256 = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["entity", "year", "version"], name="party_report_version_once"
            ),
            CheckConstraint(condition=Q(version__gt=0), name="party_report_version_from_one"),
            CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="party_report_amended_with_reason"
            ),
        ]


class ReportLine(models.Model):
    """One line of a filed report; `detail`: place and time of a collection, tickets, a word."""

    report = models.ForeignKey(PartyReport, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=24)
    amount_ore = models.BigIntegerField()
    number = models.PositiveIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["report", "position"], name="party_line_once"),
        ]


class ReportDonor(models.Model):
    """One giver's year behind a filed report. `giver` is no name: a donor's ref, or a gift's."""

    report = models.ForeignKey(PartyReport, on_delete=models.PROTECT, related_name="donors")
    position = models.PositiveIntegerField()
    giver = models.CharField(max_length=80)
    donor = models.ForeignKey(Donor, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6)
    band = models.CharField(max_length=9)
    amount_ore = models.BigIntegerField()
    in_kind_ore = models.BigIntegerField()
    gifts = models.PositiveIntegerField()
    identified = models.BooleanField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["report", "position"], name="party_donor_once"),
            CheckConstraint(condition=Q(amount_ore__gt=0), name="party_donor_above_zero"),
        ]


class ReportIdentity(models.Model):
    """Who a named giver is, sealed, as the report says it: kept when the donor is forgotten."""

    row = models.OneToOneField(
        ReportDonor, on_delete=models.PROTECT, primary_key=True, related_name="identity"
    )
    sealed = models.BinaryField()
