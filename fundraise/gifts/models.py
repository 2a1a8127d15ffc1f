"""Money given once: the gift, what its giver typed, money sent back and money taken back.

A gift becomes `received` only when the provider or the bank shows the money; from then on its state
stands, and refunds and disputes are rows of their own with journals of their own.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giving_rules import GivingRule
from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref
from fundraise.states import Transition

__all__ = [
    "Channel", "Dispute", "Gift", "GiftTransition", "GiverDetails", "GivingRule", "Refund",
    "RefundTransition",
]  # fmt: skip


class Channel(models.TextChoices):
    """How the money came."""

    CARD = "card", _("Card")
    AUTOGIRO = "autogiro", _("Autogiro")
    SWISH = "swish", _("Swish")
    SWISH_NUMBER = "swish_number", _("Swish number")
    BANK = "bank", _("Bank giro")
    CASH = "cash", _("Cash")


class Gift(models.Model):
    """Money received, or being received, from a donor once."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        RECEIVED = "received", _("Received")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Expired")
        VOID = "void", _("Void")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="gifts")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="gifts")
    donor = models.ForeignKey(Donor, null=True, on_delete=models.PROTECT, related_name="gifts")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    channel = models.CharField(
        max_length=16, choices=Channel.choices, blank=True, help_text=_("Known when it came.")
    )
    amount_ore = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="SEK")
    language = models.CharField(max_length=2, default="sv")
    giver_key = models.BinaryField(
        max_length=80, null=True, help_text=_("Keyed hash of who gave; empty when unknown.")
    )
    origin = models.CharField(
        max_length=10, default="page", help_text=_("page, staff, pledge or import")
    )
    reference = models.CharField(
        max_length=40, blank=True, help_text=_("From the link that led to the page.")
    )
    provider_ref = models.CharField(
        max_length=120, blank=True, help_text=_("The provider's name for the money.")
    )
    submission = models.BinaryField(
        max_length=32, null=True, help_text=_("Hash of the form it was sent with.")
    )
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, help_text=_("When the money was seen."))
    refunded_ore = models.BigIntegerField(default=0)
    disputed_ore = models.BigIntegerField(default=0)
    fee_ore = models.BigIntegerField(default=0)
    identified = models.BooleanField(
        default=False, db_default=False, help_text=_("Name and number or address are known.")
    )
    organisation = models.BooleanField(default=False, db_default=False)
    residence_country = models.CharField(max_length=2, blank=True, default="", db_default="")
    card_country = models.CharField(max_length=2, blank=True, default="", db_default="")
    iban_country = models.CharField(max_length=2, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(amount_ore__gt=0), name="gift_amount_above_zero"),
            CheckConstraint(condition=Q(currency="SEK"), name="gift_in_kronor"),
            CheckConstraint(
                condition=Q(refunded_ore__gte=0, refunded_ore__lte=F("amount_ore")),
                name="gift_refunded_within_amount",
            ),
            CheckConstraint(
                condition=Q(disputed_ore__gte=0, disputed_ore__lte=F("amount_ore")),
                name="gift_disputed_within_amount",
            ),
            CheckConstraint(
                condition=~Q(state="received") | Q(received_at__isnull=False) & ~Q(channel=""),
                name="gift_received_has_time_and_channel",
            ),
            CheckConstraint(
                condition=Q(state="received") | Q(refunded_ore=0, disputed_ore=0),
                name="gift_only_received_is_sent_back",
            ),
            CheckConstraint(
                condition=Q(state__in=["pending", "received", "failed", "expired", "void"]),
                name="gift_state_known",
            ),
            UniqueConstraint(
                fields=["entity", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="gift_provider_ref_once",
            ),
            UniqueConstraint(
                fields=["submission"],
                condition=Q(state__in=["pending", "received"]),
                name="gift_once_per_form",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "received_at"]),
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["entity", "giver_key"]),
            models.Index(
                fields=["entity", "received_at"],
                condition=Q(state="received"),
                name="gift_received_of_entity",
            ),
        ]

    @property
    def standing_ore(self) -> int:
        """What is left of the gift after refunds and disputes, not below zero."""
        return max(0, self.amount_ore - self.refunded_ore - self.disputed_ore)


class GiftTransition(Transition):
    """One step of a gift's state, with its cause."""

    subject_field = "gift"
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="transitions")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["gift", "to_state", "event_id"],
                condition=~Q(event_id=""),
                name="gift_transition_once_per_event",
            ),
        ]


class GiverDetails(models.Model):
    """What the giver typed, sealed; it stays here until confirmed by mail or by staff."""

    gift = models.OneToOneField(
        Gift, on_delete=models.PROTECT, primary_key=True, related_name="giver_details"
    )
    sealed = models.BinaryField(null=True, help_text=_("Empty when forgotten."))


class Refund(models.Model):
    """Money sent back to the giver, asked for by staff or made at the provider."""

    class State(models.TextChoices):
        AWAITING_SECOND = "awaiting_second", _("Awaits a second person")
        QUEUED = "queued", _("To be sent")
        SENT = "sent", _("Sent")
        SETTLED = "settled", _("Settled")
        FAILED = "failed", _("Failed")
        REFUSED = "refused", _("Refused by the second person")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="refunds")
    amount_ore = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=State.choices)
    needs_second = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=10, default="staff", help_text=_("staff or provider"))
    idempotency_key = models.CharField(max_length=80, unique=True)
    provider_ref = models.CharField(max_length=120, null=True, unique=True)
    requested_by = models.CharField(max_length=60)
    approved_by = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(amount_ore__gt=0), name="refund_amount_above_zero"),
            CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("requested_by")),
                name="refund_second_person_is_another",
            ),
            CheckConstraint(
                condition=Q(needs_second=False)
                | ~Q(approved_by="")
                | ~Q(state__in=["queued", "sent", "settled"]),
                name="refund_leaves_after_the_second_person",
            ),
        ]


class RefundTransition(Transition):
    """One step of a refund's state, with its cause."""

    subject_field = "refund"
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="transitions")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["refund", "to_state", "event_id"],
                condition=~Q(event_id=""),
                name="refund_transition_once_per_event",
            ),
        ]


class Dispute(models.Model):
    """The giver's bank takes a gift back; sums follow the provider's balance, line by line."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="disputes")
    provider_ref = models.CharField(max_length=120, unique=True)
    amount_ore = models.BigIntegerField(help_text=_("What the bank asks back."))
    taken_ore = models.BigIntegerField(default=0, help_text=_("What is taken now."))
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text=_("Last day to answer."))

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(amount_ore__gt=0), name="dispute_amount_above_zero"),
            CheckConstraint(condition=Q(taken_ore__gte=0), name="dispute_taken_not_below_zero"),
        ]
