"""Money that may not be kept: booked as a liability until it is sent back, paid over, or let in."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.gifts.models import Gift, Refund
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.models import Match
from fundraise.refs import new_ref


class Hold(models.Model):
    """A part of a gift that waits on the account of gifts to be repaid.

    `booked` is the row by which the gift itself shows the sum as sent back: Dr gifts Cr repay.
    """

    class Why(models.TextChoices):
        ANONYMOUS = "anonymous", _("Anonymous above the limit")
        FOREIGN = "foreign", _("Foreign money")
        RETURNED = "returned", _("A refund that came back")

    class State(models.TextChoices):
        HELD = "held", _("Waits to be repaid")
        REPAYING = "repaying", _("Is being repaid")
        REPAID = "repaid", _("Repaid to the giver")
        AUTHORITY = "authority", _("Paid to Kammarkollegiet")
        RELEASED = "released", _("Let in")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="holds")
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="holds")
    year = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=9, choices=Why.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.HELD)
    amount_ore = models.BigIntegerField()
    booked = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="hold")
    refund = models.OneToOneField(
        Refund, null=True, on_delete=models.PROTECT, related_name="of_hold"
    )
    repay_by = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    voucher = models.CharField(max_length=60, blank=True)
    line = models.ForeignKey(
        Match, null=True, on_delete=models.PROTECT, related_name="holds",
        help_text="The bank's line that shows it paid to Kammarkollegiet, while it stands.",
    )  # fmt: skip

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["gift", "why"],
                condition=Q(state__in=["held", "repaying"]),
                name="hold_once_open",
            ),
            CheckConstraint(condition=Q(amount_ore__gt=0), name="hold_above_zero"),
            CheckConstraint(
                condition=Q(state__in=["held", "repaying", "repaid", "authority", "released"]),
                name="hold_state_known",
            ),
            CheckConstraint(
                condition=~Q(state="authority") | ~Q(voucher=""), name="hold_paid_over_has_voucher"
            ),
            CheckConstraint(
                condition=Q(state__in=["held", "repaying"]) | Q(closed_at__isnull=False),
                name="hold_closed_has_time",
            ),
        ]
        indexes = [models.Index(fields=["entity", "state"], name="hold_by_state")]


class ForeignLook(models.Model):
    """A gift with evidence of foreign money, and what a person decided about it."""

    class State(models.TextChoices):
        OPEN = "open", _("To be looked at")
        KEPT = "kept", _("Kept")
        REFUSED = "refused", _("Refused")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="foreign_looks")
    gift = models.OneToOneField(Gift, on_delete=models.PROTECT, related_name="foreign_look")
    evidence = models.JSONField(help_text=_("Where it shows: residence, card, iban; the country."))
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False) & ~Q(reason=""),
                name="foreign_look_decided_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["entity", "state"], name="foreign_look_by_state")]
