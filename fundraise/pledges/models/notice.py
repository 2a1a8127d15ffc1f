"""What the donor was told before money was drawn, kept as proof."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.pledges.models.pledge import Pledge
from fundraise.refs import new_ref


class Notice(models.Model):
    """An advance notice: sum, first day and following days, told eight bank days ahead.

    A fixed sum may be announced once for all its days (user manual 2012, 3); `covers_following`
    says that it was. `text_sealed` is the notice as it was worded (context "notice:<ref>").
    """

    class Kind(models.TextChoices):
        SIGN_UP = "sign_up", _("Confirmation of the sign-up")
        CHANGE = "change", _("Change")
        RESUME = "resume", _("After a pause")
        MOVED = "moved", _("Moved to a later day")
        DRAW = "draw", _("Before a single draw")
        RETRY = "retry", _("Before a new try")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    amount_ore = models.BigIntegerField()
    first_on = models.DateField(help_text=_("The first day that it announces."))
    covers_following = models.BooleanField(default=False)
    text_sealed = models.BinaryField(null=True)
    sha256 = models.BinaryField(max_length=32, null=True)
    way = models.CharField(max_length=10, default="mail", help_text=_("page, mail or letter"))
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text=_("When it left us."))
    withdrawn_at = models.DateTimeField(
        null=True, help_text=_("From then on it announces no following days.")
    )

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["pledge", "kind", "first_on", "amount_ore"],
                condition=Q(withdrawn_at=None),
                name="notice_once",
            ),
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="notice_amount_above_zero"),
        ]
