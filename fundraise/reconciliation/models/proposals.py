"""What one person has proposed and a second must agree to, as it will be done when they do."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class Proposal(models.Model):
    """Other numbers of a bank account, a rule that matches by itself, an undoing in a closed month,
    rows of a list to pay that the bank refused.

    `subject` is kind:ref of what it is about; it has one open proposal at most. The question itself
    is an approval of fundraise.staff with this ref.
    """

    class Kind(models.TextChoices):
        NUMBERS = "numbers", _("Numbers of a bank account")
        RULE = "rule", _("A rule of matching")
        UNDO = "undo", _("An undoing in a closed month")
        UNPAID = "unpaid", _("A list to pay that the bank refused")

    class State(models.TextChoices):
        ASKED = "asked", _("Awaits a second person")
        DONE = "done", _("Agreed to and done")
        REFUSED = "refused", _("Refused by the second person")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60)
    what = models.JSONField(help_text=_("What is done when it is agreed to; nothing of a person."))
    why = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["subject"], condition=Q(state="asked"), name="proposal_one_open"
            ),
            CheckConstraint(
                condition=~Q(answered_by=F("asked_by")), name="proposal_answered_by_another"
            ),
            CheckConstraint(
                condition=Q(state="asked", answered_by="", answered_at=None)
                | Q(state__in=["done", "refused"], answered_at__isnull=False) & ~Q(answered_by=""),
                name="proposal_answer_is_whole",
            ),
        ]
