"""One period of a pledge, and each attempt to draw it."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.gifts.models import Gift
from fundraise.pledges.models.mandate import Mandate
from fundraise.pledges.models.notice import Notice
from fundraise.pledges.models.pledge import Pledge
from fundraise.refs import ALPHABET, new_ref
from fundraise.states import Transition


def new_reference() -> str:
    """Sixteen signs that mean nothing, for position 54-69 of a draw; 80 random bits."""
    bits = secrets.randbits(80)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(75, -1, -5))


class Instalment(models.Model):
    """One due date of a pledge. `period` is the first day of the month that it stands for.

    `notice` is what told the donor about this sum on this day; nothing is drawn without one.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        COLLECTING = "collecting", _("On its way")
        PAID = "paid", _("Drawn")
        MISSED = "missed", _("Missed")
        SKIPPED = "skipped", _("Skipped")
        CANCELLED = "cancelled", _("Cancelled")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="instalments")
    period = models.DateField(help_text=_("The first day of its month."))
    due_on = models.DateField(help_text=_("The bank day of the draw."))
    amount_ore = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(
        max_length=30, blank=True, help_text=_("Why it was missed or cancelled: a code.")
    )
    notice = models.ForeignKey(
        Notice, null=True, on_delete=models.PROTECT, related_name="instalments"
    )
    retried = models.BooleanField(default=False, help_text=_("Its one new try is planned or used."))
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["pledge", "period"], name="instalment_once_per_period"),
            CheckConstraint(condition=Q(amount_ore__gt=0), name="instalment_amount_above_zero"),
            CheckConstraint(condition=Q(period__day=1), name="instalment_period_is_a_month"),
            CheckConstraint(
                condition=Q(
                    state__in=["planned", "collecting", "paid", "missed", "skipped", "cancelled"]
                ),
                name="instalment_state_known",
            ),
            CheckConstraint(
                condition=~Q(state="collecting") | Q(notice__isnull=False),
                name="instalment_is_announced_before_it_is_drawn",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(state="planned"), name="instalment_to_be_drawn"
            ),
        ]


class InstalmentTransition(Transition):
    """One step of an instalment's state, with its cause."""

    subject_field = "instalment"
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="transitions")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["instalment", "to_state", "event_id"],
                condition=~Q(event_id=""),
                name="instalment_transition_once_per_event",
            ),
        ]


class Collection(models.Model):
    """One attempt to draw an instalment on one mandate; at most one is open at a time.

    `reference` is what the bank gives back; `idempotency_key` is stored before a card is charged.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("To be sent")
        SENT = "sent", _("Sent to the bank")
        TRYING = "trying", _("The bank tries again")
        CANCELLING = "cancelling", _("Being cancelled")
        DOUBT = "doubt", _("Not known")
        PAID = "paid", _("Drawn")
        SURPLUS = "surplus", _("Drawn though the month was paid")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        REFUNDED = "refunded", _("Given back")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="collections")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="collections")
    number = models.PositiveSmallIntegerField()
    amount_ore = models.BigIntegerField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reference = models.CharField(max_length=16, unique=True, default=new_reference)
    idempotency_key = models.CharField(max_length=80, unique=True, null=True)
    provider_ref = models.CharField(max_length=120, unique=True, null=True)
    reason = models.CharField(max_length=40, blank=True, help_text=_("The provider's code."))
    cancel_for = models.CharField(
        max_length=8,
        blank=True,
        help_text=_("Why it is cancelled: stop, skip, pause, plan, instead."),
    )
    gift = models.OneToOneField(
        Gift, null=True, on_delete=models.PROTECT, related_name="collection"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(
        null=True, help_text=_("While a worker is on its way to the provider with it.")
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["instalment", "number"], name="collection_number_once"),
            UniqueConstraint(
                fields=["instalment"],
                condition=Q(state__in=["queued", "sent", "trying", "cancelling", "doubt"]),
                name="collection_one_open_per_instalment",
            ),
            UniqueConstraint(
                fields=["instalment"],
                condition=Q(state="paid"),
                name="collection_paid_once_per_instalment",
            ),
            CheckConstraint(condition=Q(amount_ore__gt=0), name="collection_amount_above_zero"),
            CheckConstraint(
                condition=Q(
                    state__in=[
                        "queued",
                        "sent",
                        "trying",
                        "cancelling",
                        "doubt",
                        "paid",
                        "surplus",
                        "failed",
                        "cancelled",
                        "refunded",
                    ]
                ),
                name="collection_state_known",
            ),
            CheckConstraint(
                condition=~Q(state__in=["paid", "surplus", "refunded"]) | Q(gift__isnull=False),
                name="collection_paid_has_its_gift",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state="queued"), name="collection_queued"),
            models.Index(
                fields=["due_on"],
                condition=Q(state__in=["sent", "trying", "cancelling", "doubt"]),
                name="collection_at_the_bank",
            ),
            models.Index(
                fields=["settled_at"], condition=Q(state="failed"), name="collection_failed"
            ),
            models.Index(
                fields=["due_on"], condition=Q(state="surplus"), name="collection_surplus"
            ),
        ]


class CollectionTransition(Transition):
    """One step of a collection's state, with its cause (the bank's code as status 1)."""

    subject_field = "collection"
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="transitions")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["collection", "to_state", "event_id"],
                condition=~Q(event_id=""),
                name="collection_transition_once_per_event",
            ),
        ]
