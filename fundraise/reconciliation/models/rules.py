"""Rules of matching: ordered, named, dated, and tried on history before they are switched on."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref


class Rule(models.Model):
    """A rule of an entity's accounts; what it says is in its versions, the newest counts."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="match_rules")
    key = models.CharField(max_length=20, help_text="Which function: matching/rules.py.")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(help_text="The lowest is asked first.")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["entity", "position"],
                name="match_rule_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            UniqueConstraint(fields=["entity", "name"], name="match_rule_name_once"),
        ]


class RuleVersion(models.Model):
    """What a rule did from a day on. Never changed: a match names the version that made it."""

    class Mode(models.TextChoices):
        OFF = "off", _("Off")
        SUGGEST = "suggest", _("Suggests")
        AUTO = "auto", _("Matches by itself")

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=7, choices=Mode.choices)
    settings = models.JSONField(default=dict, help_text="Tolerance, window, words, kind.")
    valid_from = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["rule", "number"], name="match_rule_version_once"),
            CheckConstraint(condition=Q(number__gte=1), name="match_rule_version_from_one"),
        ]


class RuleTrial(models.Model):
    """A version tried on what came before: how many it would have matched, and how many wrongly."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="trials")
    mode = models.CharField(max_length=7, choices=RuleVersion.Mode.choices)
    settings = models.JSONField(default=dict)
    from_day = models.DateField()
    to_day = models.DateField()
    looked_at = models.PositiveIntegerField()
    would_match = models.PositiveIntegerField()
    as_decided = models.PositiveIntegerField(help_text="As it was decided then.")
    conflicts = models.PositiveIntegerField(help_text="Otherwise than it was decided.")
    tried_at = models.DateTimeField()
    tried_by = models.CharField(max_length=60)
