"""How a payer is known: references issued to donors, and accounts and phones once confirmed."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from fundraise.reconciliation.models.accounts import BankAccount
from fundraise.refs import new_ref


class Reference(models.Model):
    """An OCR reference with check digit (Luhn), issued once per donor, per pledge, or per letter.

    The number's length stands before the check digit where the bankgiro's agreement asks for it.
    """

    class Origin(models.TextChoices):
        DONOR = "donor"
        PLEDGE = "pledge"
        LETTER = "letter"

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="references")
    number = models.CharField(max_length=25)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="references")
    pledge = models.ForeignKey(
        Pledge, null=True, on_delete=models.PROTECT, related_name="references"
    )
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.DONOR)
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "number"], name="ocr_reference_once"),
            UniqueConstraint(
                fields=["entity", "donor", "pledge", "campaign"],
                condition=Q(ended_at=None) & ~Q(origin="letter"),
                nulls_distinct=False,
                name="ocr_reference_one_for_each",
            ),
            CheckConstraint(condition=Q(number__regex=r"^[0-9]{2,25}$"), name="ocr_digits"),
        ]


class PayerAlias(models.Model):
    """A payer's account or phone that a person has confirmed to be a donor's.

    `key` is the keyed hash; the number itself is not kept. One key of two donors (a couple's
    account) decides nothing by itself.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="aliases")
    key = models.BinaryField(max_length=80)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="payer_aliases")
    learned_at = models.DateTimeField()
    learned_by = models.CharField(max_length=60)
    times = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "payer aliases"
        constraints = [
            UniqueConstraint(
                fields=["key", "donor"], condition=Q(ended_at=None), name="payer_alias_once"
            ),
        ]
        indexes = [models.Index(fields=["key"], name="payer_alias_by_key")]
