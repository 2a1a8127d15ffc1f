"""Accounts at banks, the numbers that name them, and the files that are expected of them."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import Account, LegalEntity
from fundraise.refs import new_ref


class BankAccount(models.Model):
    """An account at a bank, and the account of the books that follows it.

    A shared account also holds money kept in other books (salaries, suppliers): its lines are
    classed one by one, and only ours are booked. Of a dedicated account every line is booked.
    `line_key` is the sealed key of the fingerprints of its lines: it is never rotated, so that the
    same line is known again after years.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="bank_accounts")
    ledger_account = models.OneToOneField(
        Account, on_delete=models.PROTECT, related_name="bank_account"
    )
    name = models.CharField(max_length=80)
    bank = models.CharField(max_length=40, blank=True)
    is_shared = models.BooleanField(default=False, help_text="Other books use it too.")
    details_follow = models.BooleanField(
        default=False, help_text="A batch's payers come in a file of their own (camt.054)."
    )
    campaign = models.ForeignKey(
        Campaign,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Where a gift goes that names no other.",
    )
    opened_on = models.DateField(help_text="The first day that our books follow it.")
    opening_ore = models.BigIntegerField(default=0, help_text="At the beginning of that day.")
    closed_on = models.DateField(null=True, blank=True)
    line_key = models.BinaryField(help_text="Sealed, context bank-account:<ref>.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=models.F("opened_on")),
                name="bank_account_closed_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccountNumber(models.Model):
    """A number that files call an account by: digits and letters only."""

    class Kind(models.TextChoices):
        IBAN = "iban", "IBAN"
        BBAN = "bban", _("Clearing and account")
        BANKGIRO = "bgnr", _("Bankgiro")
        PLUSGIRO = "pgnr", _("Plusgiro")
        SWISH = "swish", _("Swish number")

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="numbers")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    number = models.CharField(max_length=34)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["kind", "number"], name="bank_account_number_once"),
            CheckConstraint(
                condition=Q(number__regex=r"^[0-9A-Z]{4,34}$"), name="bank_account_number_plain"
            ),
        ]


class CsvMapping(models.Model):
    """How a bank's CSV is read, as a treasurer saved it (formats/mapper.py), in versions.

    One that is changed is retired, and its next version has its name.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    name = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField(default=1, db_default=1)
    mapping = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["name", "number"], name="csv_mapping_version_once"),
            UniqueConstraint(
                fields=["name"], condition=Q(retired_at=None), name="csv_mapping_one_is_read_by"
            ),
        ]


class ExpectedFile(models.Model):
    """Which file a source sends, on which bank days, and how late it may be.

    `source` is "bank:<account ref>", "stripe:<account slug>", "autogiro:<account slug>".
    """

    class Days(models.TextChoices):
        BANK_DAYS = "bank_days", _("Every bank day")
        WEEKLY = "weekly", _("Once a week")
        MONTHLY = "monthly", _("Once a month")
        NONE = "none", _("Only when something happened")

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60, unique=True)
    days = models.CharField(max_length=9, choices=Days.choices, default=Days.BANK_DAYS)
    late_after_days = models.PositiveSmallIntegerField(
        default=1, help_text="Bank days after which a missing file is late."
    )
