"""Money that we send by hand at the bank: lists of refunds, and of what we owe other entities."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from fundraise.gifts.models import Refund
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.models.accounts import BankAccount
from fundraise.refs import new_ref


class PaymentList(models.Model):
    """One file for the bank (pain.001), and beside it what has no account and is paid by hand.

    Sealed (context "payment-list:<ref>"), the same bytes each time it is fetched. Nothing of it is
    booked: the bank's line books each row when it shows it.
    """

    class Kind(models.TextChoices):
        REFUNDS = "refunds"
        SETTLEMENT = "settlement"

    class State(models.TextChoices):
        MADE = "made"
        SENT = "sent"
        CANCELLED = "cancelled"
        REFUSED = "refused"

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="payment_lists")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.MADE)
    pay_on = models.DateField()
    count = models.PositiveIntegerField()
    sum_ore = models.BigIntegerField()
    sealed = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, help_text="Sent, cancelled or refused.")
    ended_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(sum_ore__gt=0, count__gt=0), name="payment_list_has_rows"),
            CheckConstraint(
                condition=Q(state="made", ended_at=None)
                | Q(state__in=["sent", "cancelled", "refused"], ended_at__isnull=False),
                name="payment_list_end_is_named",
            ),
        ]


class PaymentRow(models.Model):
    """One sum of a list. `is_live` ends when the list is cancelled or the bank refuses the row, so
    that it may go on another."""

    list = models.ForeignKey(PaymentList, on_delete=models.PROTECT, related_name="rows")
    refund = models.ForeignKey(
        Refund, null=True, on_delete=models.PROTECT, related_name="payment_rows"
    )
    to_entity = models.ForeignKey(
        LegalEntity, null=True, on_delete=models.PROTECT, related_name="+"
    )
    amount_ore = models.BigIntegerField()
    end_to_end = models.CharField(max_length=35, help_text="What the bank's line will name.")
    in_file = models.BooleanField(help_text="Its account is known; else it is paid by hand.")
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["refund"], condition=Q(is_live=True), name="payment_refund_on_one_list"
            ),
            UniqueConstraint(fields=["list", "end_to_end"], name="payment_row_named_once"),
            CheckConstraint(condition=Q(amount_ore__gt=0), name="payment_row_above_zero"),
            CheckConstraint(
                condition=Q(refund=None) ^ Q(to_entity=None), name="payment_row_to_one"
            ),
        ]
