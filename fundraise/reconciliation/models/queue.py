"""The exceptions queue: what nobody's rule could settle, with a reason, an owner and a due date."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class QueueItem(models.Model):
    """One thing to settle. `subject` is kind:ref of what it is about, once while it is open."""

    class Code(models.TextChoices):
        UNKNOWN_PAYER = "unknown_payer", _("Unknown payer")
        AMOUNT_DIFFERS = "amount_differs", _("The sum differs")
        DUPLICATE = "duplicate", _("Perhaps the same twice")
        RETURNED = "returned", _("Reversed or returned")
        AUTOGIRO_REFUSED = "autogiro_refused", _("Refused autogiro")
        DISPUTE = "dispute", _("Dispute")
        PAYOUT_FAILED = "payout_failed", _("Payout failed after it was paid")
        UNKNOWN_CATEGORY = "unknown_category", _("A kind of Stripe's that no rule knows")
        IDENTITY = "identity", _("Identity incomplete near the limit")
        ANONYMOUS = "anonymous", _("Anonymous above the limit")
        FOREIGN = "foreign", _("Evidence of a foreign giver")
        CLOSED_PERIOD = "closed_period", _("Belongs to a closed month")
        GAP = "gap", _("A statement is missing")
        CURRENCY = "currency", _("Another currency than kronor")
        NEGATIVE = "negative", _("Negative balance")
        DIFFERS = "differs", _("The daily proof differs")
        NOT_A_GIFT = "not_a_gift", _("Money that no rule places")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SETTLED = "settled", _("Settled")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="exceptions")
    code = models.CharField(max_length=16, choices=Code.choices)
    subject = models.CharField(max_length=90)
    amount_ore = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict, help_text="Codes and sums; nothing of a person.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="exceptions_owned",
    )
    note = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=60, blank=True)
    how = models.CharField(max_length=30, blank=True, help_text="A code: what was done.")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["code", "subject"], condition=Q(state="open"), name="exception_open_once"
            ),
            CheckConstraint(
                condition=Q(state="open", settled_at=None)
                | Q(state="settled", settled_at__isnull=False) & ~Q(how=""),
                name="exception_settled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["entity", "due_on"], condition=Q(state="open"), name="exception_open"
            ),
        ]
