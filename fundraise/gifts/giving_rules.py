"""What an entity takes from whom, from a day on: the anonymous limit and foreign money.

Rows, because the law is about to change and each entity may be stricter than it: the newest row
that is in force on a gift's day rules. Without a row settings.PARTY_RULES does (a party's), or
nothing is asked.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity


class GivingRule(models.Model):
    """One entity's rule from a day on; a later row replaces it, and none is changed."""

    class Foreign(models.TextChoices):
        ALLOW = "allow", _("Accept")
        FLAG = "flag", _("Accept and look at it")
        REFUSE = "refuse", _("Refuse on the page, hold back what shows later")

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="giving_rules")
    from_date = models.DateField()
    anonymous_permille = models.PositiveSmallIntegerField(
        help_text=_("Thousandths of a price base amount that may come from nobody known in a year.")
    )
    foreign = models.CharField(max_length=6, choices=Foreign.choices)
    reason = models.CharField(max_length=200)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["entity", "from_date"], name="giving_rule_once_a_day"),
            CheckConstraint(
                condition=Q(anonymous_permille__lte=1000), name="giving_rule_within_one_amount"
            ),
            CheckConstraint(
                condition=Q(foreign__in=["allow", "flag", "refuse"]), name="giving_rule_foreign"
            ),
        ]
        ordering = ["from_date"]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.from_date}"
