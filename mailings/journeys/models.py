"""A journey, its steps, and the people on their way through it.

A step's words are an appeal that stays a draft (`pattern`); each day that somebody is due, a copy
of it goes to those people through the same outbox as every other appeal.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from fundraise.campaigns.models import Campaign
from fundraise.refs import new_ref
from mailings.appeals.models import Appeal


class Journey(models.Model):
    """What sets it off, whom it is for, and whether it runs."""

    class Trigger(models.TextChoices):
        WELCOME = "welcome", _("The first gift")
        THANKS = "thanks", _("A gift")
        MISSED = "missed", _("A draw was missed")
        ENDING = "ending", _("A card or mandate is ending")
        ANNIVERSARY = "anniversary", _("A year since the first gift")
        LAPSED = "lapsed", _("No gift for some months")
        UPGRADE = "upgrade", _("The same monthly sum for a year")
        MONTHLY = "monthly", _("A gift given once, and no monthly gift")

    class State(models.TextChoices):
        OFF = "off", _("Switched off")
        ON = "on", _("Running")
        ENDED = "ended", _("Ended")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="journeys")
    name = models.CharField(max_length=90)
    trigger = models.CharField(max_length=11, choices=Trigger.choices)
    state = models.CharField(max_length=5, choices=State.choices, default=State.OFF)
    months = models.PositiveSmallIntegerField(
        default=12, help_text=_("Months without a gift, for those who have lapsed.")
    )
    exit_on_gift = models.BooleanField(default=True)
    # Nobody enters for what happened before it was switched on.
    since = models.DateTimeField(null=True, help_text=_("When it was last switched on."))
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(
                    trigger__in=[
                        "welcome", "thanks", "missed", "ending", "anniversary", "lapsed",
                        "upgrade", "monthly",
                    ]
                ),
                name="journey_trigger_known",
            ),
            CheckConstraint(condition=Q(state__in=["off", "on", "ended"]), name="journey_state"),
            CheckConstraint(
                condition=~Q(state="on") | Q(since__isnull=False), name="journey_on_since"
            ),
            CheckConstraint(
                condition=Q(months__gte=1, months__lte=60), name="journey_months_within_reason"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One mail of a journey, so many days after the one before (or after the event)."""

    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    wait_days = models.PositiveSmallIntegerField(default=0)
    pattern = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="step")

    class Meta:
        ordering = ["number"]
        constraints = [
            UniqueConstraint(fields=["journey", "number"], name="step_number_once"),
            CheckConstraint(condition=Q(number__gte=1), name="step_numbers_begin_at_one"),
            CheckConstraint(condition=Q(wait_days__lte=400), name="step_waits_within_reason"),
        ]


class Run(models.Model):
    """One donor on the way for one occasion. An occasion is never used twice for a donor."""

    class State(models.TextChoices):
        GOING = "going", _("On the way")
        DONE = "done", _("Got every mail")
        LEFT = "left", _("Left before the end")

    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="runs")
    donor_id = models.BigIntegerField()
    occasion = models.CharField(max_length=60, help_text=_("gift:12, year:2026 …"))
    entered_at = models.DateTimeField(help_text=_("When the event happened."))
    state = models.CharField(max_length=5, choices=State.choices, default=State.GOING)
    left_for = models.CharField(
        max_length=12, blank=True, help_text=_("gift, over, stopped, closed")
    )
    next_step = models.PositiveSmallIntegerField(default=1)
    next_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["journey", "donor_id", "occasion"], name="run_once_per_occasion"
            ),
            UniqueConstraint(
                fields=["journey", "donor_id"],
                condition=Q(state="going"),
                name="run_one_going_per_donor",
            ),
            CheckConstraint(
                condition=Q(state="left") & ~Q(left_for="") | ~Q(state="left") & Q(left_for=""),
                name="run_left_for_a_reason",
            ),
            CheckConstraint(condition=Q(state__in=["going", "done", "left"]), name="run_state"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="going"), name="run_due"),
        ]


class Posted(models.Model):
    """A run's mail was handed to an appeal: with the run's own step, so that it happens once."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="posted")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="posted")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["run", "step"], name="posted_once_per_step")]
