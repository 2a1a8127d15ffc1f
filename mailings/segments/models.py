"""Segments with their versions, and what each donor is chosen by."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from fundraise.refs import new_ref
from mailings.segments.steps import EACH_DAY

BETWEEN = " · "  # the Swedish and the English name of a ready-made one


class Segment(models.Model):
    """A named choice of people. Who is in it is asked anew each time; the words are versions."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    name = models.CharField(max_length=90)
    owner = models.CharField(max_length=60, help_text=_("Who answers for it: staff:<id>."))
    code = models.CharField(
        max_length=30, blank=True, help_text=_("Of a ready-made one; empty for staff's own.")
    )
    latest = models.PositiveIntegerField(default=1, help_text=_("The number of its version."))
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(name=""), name="segment_has_a_name"),
            CheckConstraint(condition=Q(latest__gte=1), name="segment_versions_begin_at_one"),
            UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="segment_ready_made_once"
            ),
        ]
        indexes = [models.Index(fields=["name"], name="segment_by_name")]

    def __str__(self) -> str:
        return self.name

    def called(self, language: str) -> str:
        """The name for who reads: a ready-made one bears both languages' names."""
        swedish, both, english = self.name.partition(BETWEEN)
        if not self.code or not both:
            return self.name
        return english if language == "en" else swedish


class SegmentVersion(models.Model):
    """The conditions as somebody saved them. Never edited: a change is a new version."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    tree = models.JSONField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["segment", "number"], name="segment_version_once"),
            CheckConstraint(condition=Q(number__gte=1), name="segment_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} v{self.number}"


class MailStanding(models.Model):
    """How often and when a donor was sent appeals, and last came through a link (a person, not a
    machine). Moved by `services.note_mailed` and `services.note_clicked`."""

    donor = models.OneToOneField(
        Donor, on_delete=models.PROTECT, primary_key=True, related_name="mail_standing"
    )
    last_mailed_at = models.DateTimeField(null=True)
    mails = models.IntegerField(default=0)
    last_human_click_at = models.DateTimeField(null=True)
    human_clicks = models.IntegerField(default=0)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(mails__gte=0, human_clicks__gte=0), name="mail_standing_not_below_zero"
            ),
        ]
        indexes = [
            models.Index(
                fields=["donor"],
                include=["last_human_click_at"],
                condition=Q(last_human_click_at__isnull=False),
                name="mail_standing_clicked",
            ),
        ]


class Profile(models.Model):
    """What a donor is chosen by, in one narrow row: a copy, never the truth.

    A count reads the whole table, so it holds numbers and marks (`bits`, mailings/segments/bits.py)
    and as little text as can be. `steps` are the days with gifts, rising, each as one number of the
    day and the sum up to and with it (mailings/segments/steps.py): any period's sum is the
    difference of two places in a row that is read anyway. Triggers note in `Stale` whose row may
    be old; whoever reads has those made anew first (`asking.refresh`), so a count is exact at the
    moment it begins, and a gift is booked without waiting for anybody here. `verify_books` makes
    all anew and compares.
    """

    donor = models.OneToOneField(
        Donor, on_delete=models.PROTECT, primary_key=True, related_name="profile"
    )
    ref = models.UUIDField()
    bits = models.BigIntegerField()
    years = models.BigIntegerField(help_text=_("Calendar years with a gift; the lowest bit: 2000."))
    given_ore = models.BigIntegerField()
    largest_ore = models.BigIntegerField()
    last_ore = models.BigIntegerField()
    once_ore = models.BigIntegerField()
    gifts = models.IntegerField()
    once_gifts = models.IntegerField()
    known_on = models.DateField()
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    once_on = models.DateField(null=True)
    source = models.CharField(max_length=80)
    postcode = models.CharField(max_length=20, db_collation="C")
    town = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    steps = ArrayField(models.BigIntegerField(), default=list)
    # Gifts up to and with each of the days; empty where none had two.
    counts = ArrayField(models.IntegerField(), default=list)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(given_ore__lt=EACH_DAY), name="profile_steps_hold_sums"),
            CheckConstraint(
                condition=Q(gifts=0, first_on=None, last_on=None)
                | Q(gifts__gt=0, first_on__lte=F("last_on")),
                name="profile_days_go_with_gifts",
            ),
        ]


class Stale(models.Model):
    """A donor whose profile may be old. Written by triggers without looking or waiting."""

    donor_id = models.BigIntegerField()
