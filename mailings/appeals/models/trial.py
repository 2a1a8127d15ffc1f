from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from mailings.appeals.models.appeal import Appeal, Variant


class Trial(models.Model):
    """A part of the people, drawn by lot, gets the versions; the rest wait for what they show.

    What the rule needs to be honest (`rule.py` of mailings/trials) is fixed before the first gift
    and kept by the database: what is expected, and the sum above which a gift says no more.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        WON = "won", _("A version has won")
        EVEN = "even", _("No version has won")

    appeal = models.OneToOneField(
        Appeal, on_delete=models.PROTECT, primary_key=True, related_name="trial"
    )
    percent = models.PositiveSmallIntegerField(
        help_text=_("So many of a hundred take part; at 100 nobody is left to send a winner to.")
    )
    hours = models.PositiveSmallIntegerField(
        default=48, help_text=_("After so many hours without a winner the rest is sent evenly.")
    )
    expected_ore2 = models.BigIntegerField(
        help_text=_("The sum of squared gifts that is expected, in öre².")
    )
    cap_ore = models.BigIntegerField(help_text=_("A gift counts with at most so much."))
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    winner = models.ForeignKey(Variant, null=True, on_delete=models.PROTECT, related_name="+")
    stopped = models.JSONField(
        default=list, help_text=_("Letters of versions that too many complained of.")
    )
    looked_at = models.DateTimeField(null=True)
    seen = models.JSONField(default=dict, help_text=_("What the last look saw."))
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(state__in=["running", "won", "even"]), name="trial_state_known"
            ),
            CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="trial_percent_of_a_hundred"
            ),
            CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=720), name="trial_hours_within_a_month"
            ),
            CheckConstraint(
                condition=Q(expected_ore2__gt=0, cap_ore__gt=0), name="trial_expects_something"
            ),
            CheckConstraint(
                condition=Q(state="won", winner__isnull=False) | ~Q(state="won") & Q(winner=None),
                name="trial_won_has_a_winner",
            ),
            CheckConstraint(
                condition=Q(state="running", decided_at=None)
                | ~Q(state="running") & Q(decided_at__isnull=False),
                name="trial_decided_has_a_time",
            ),
        ]
