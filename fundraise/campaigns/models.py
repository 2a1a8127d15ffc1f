"""A period of asking with a goal, what its money is for, and what it has brought in.

Every gift is for the fund of its campaign, and only so: a gift names no fund of its own that could
say something else. A campaign keeps its fund once money came, is on its way or is promised.

The thermometer is two kinds of rows moved in the journal's own transaction: one per campaign
(`Thermometer`, what the public sees) and one per campaign, day and channel (`DayTotal`, for staff).
"""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import Dimension, LegalEntity
from fundraise.refs import new_ref

COLOUR = RegexValidator(re.compile(r"^#[0-9a-fA-F]{6}$"), _("Write a colour as #1a2b3c."))


def default_once() -> list[int]:
    """100, 250, 500 and 1 000 kr in öre."""
    return [100_00, 250_00, 500_00, 1_000_00]


def default_monthly() -> list[int]:
    """50, 100, 200 and 500 kr in öre."""
    return [50_00, 100_00, 200_00, 500_00]


def check_amounts(amounts: object) -> None:
    """One to six rising sums above zero, in öre. Raises ValidationError."""
    if (
        not isinstance(amounts, list)
        or not 1 <= len(amounts) <= 6
        or not all(type(a) is int and a > 0 for a in amounts)
        or amounts != sorted(set(amounts))
    ):
        raise ValidationError(_("Write one to six rising sums in öre, such as [10000, 25000]."))


class Fund(models.Model):
    """What money is for. Each legal entity is made with one for whatever is needed most."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="funds")
    name_sv = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    purpose_sv = models.CharField(max_length=300, blank=True)
    purpose_en = models.CharField(max_length=300, blank=True)
    is_default = models.BooleanField(default=False, editable=False)
    put_away_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            UniqueConstraint("entity", Lower("name_sv"), name="fund_name_sv_once"),
            UniqueConstraint("entity", Lower("name_en"), name="fund_name_en_once"),
            UniqueConstraint(
                fields=["entity"], condition=Q(is_default=True), name="fund_default_once"
            ),
            UniqueConstraint(fields=["id", "entity"], name="fund_of_an_entity"),
            CheckConstraint(condition=~Q(name_sv="") & ~Q(name_en=""), name="fund_has_names"),
            CheckConstraint(
                condition=Q(is_default=False) | Q(put_away_at=None), name="fund_default_stays"
            ),
        ]

    def __str__(self) -> str:
        return self.name_sv

    def name(self, language: str) -> str:
        """The name in "sv" or "en"."""
        return self.name_en if language == "en" else self.name_sv

    def purpose(self, language: str) -> str:
        """More about it in "sv" or "en"; may be empty."""
        return self.purpose_en if language == "en" else self.purpose_sv


class Campaign(models.Model):
    """One campaign: what it is for in two languages, its goal and the choices on its page."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Live")
        CLOSED = "closed", _("Closed")

    class Frequency(models.TextChoices):
        ONCE = "once", _("Once")
        MONTHLY = "monthly", _("Every month")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="campaigns")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="campaigns")
    dimension = models.OneToOneField(Dimension, on_delete=models.PROTECT, related_name="owner")
    slug = models.SlugField(max_length=60, unique=True)
    title_sv = models.CharField(max_length=90)
    title_en = models.CharField(max_length=90)
    purpose_sv = models.CharField(max_length=300, help_text=_("One sentence: what it is for."))
    purpose_en = models.CharField(max_length=300, help_text=_("One sentence: what it is for."))
    goal_ore = models.BigIntegerField(default=2_000_000_00)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    amounts_once = models.JSONField(default=default_once, validators=[check_amounts])
    amounts_monthly = models.JSONField(default=default_monthly, validators=[check_amounts])
    first_frequency = models.CharField(
        max_length=7, choices=Frequency.choices, default=Frequency.ONCE
    )
    monthly_open = models.BooleanField(
        default=False, help_text=_("Switch on when autogiro or monthly cards are set up.")
    )
    minimum_ore = models.BigIntegerField(default=20_00)
    maximum_ore = models.BigIntegerField(default=150_000_00)
    theme_colour = models.CharField(max_length=7, default="#0b5d4e", validators=[COLOUR])
    picture = models.ImageField(upload_to="campaigns/", blank=True)
    picture_alt_sv = models.CharField(max_length=160, blank=True)
    picture_alt_en = models.CharField(max_length=160, blank=True)
    attribution_days = models.PositiveSmallIntegerField(
        default=30,
        db_default=30,
        help_text=_("Gifts count to an appeal when they come at most so many days after its mail."),
    )
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.DRAFT)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(goal_ore__gt=0), name="campaign_goal_above_zero"),
            CheckConstraint(
                condition=Q(minimum_ore__gt=0, maximum_ore__gte=F("minimum_ore")),
                name="campaign_minimum_below_maximum",
            ),
            CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_it_starts",
            ),
            CheckConstraint(
                condition=Q(attribution_days__lte=366), name="campaign_attribution_within_a_year"
            ),
            CheckConstraint(
                condition=Q(status__in=["draft", "live", "closed"]), name="campaign_status_known"
            ),
            CheckConstraint(
                condition=Q(first_frequency__in=["once", "monthly"]),
                name="campaign_first_frequency_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title_sv

    def clean(self) -> None:
        """A campaign can't ask for monthly gifts first while they are switched off."""
        if self.first_frequency == self.Frequency.MONTHLY and not self.monthly_open:
            raise ValidationError({"first_frequency": _("Monthly gifts are switched off.")})

    def is_over(self, day: date) -> bool:
        """Whether nobody is asked for it any more on a day, as `queries.over` says."""
        past = self.ends_on is not None and self.ends_on < day
        return self.status == self.Status.CLOSED or past

    def title(self, language: str) -> str:
        """The title in "sv" or "en"."""
        return self.title_en if language == "en" else self.title_sv

    def purpose(self, language: str) -> str:
        """The purpose in "sv" or "en"."""
        return self.purpose_en if language == "en" else self.purpose_sv

    def picture_alt(self, language: str) -> str:
        """The picture's text in "sv" or "en"."""
        return self.picture_alt_en if language == "en" else self.picture_alt_sv


class Thermometer(models.Model):
    """What a campaign has brought in, to the öre, at every instant (gifts less refunds)."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.PROTECT, primary_key=True, related_name="thermometer"
    )
    received_ore = models.BigIntegerField(default=0)
    gifts = models.IntegerField(default=0, help_text=_("Gifts not wholly given back."))
    donors = models.IntegerField(default=0, help_text=_("Different givers of those gifts."))
    moved_at = models.DateTimeField(null=True)
    # Not money: what is promised for the campaign's days, and what it may come to. Never added up.
    promised_ore = models.BigIntegerField(default=0, db_default=0)
    forecast_ore = models.BigIntegerField(default=0, db_default=0)
    reckoned_at = models.DateTimeField(null=True, help_text=_("When those two were reckoned."))


class DayTotal(models.Model):
    """The same by day and channel: a refund stands on the day it was booked."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    channel = models.CharField(max_length=16)
    received_ore = models.BigIntegerField(default=0)
    gifts = models.IntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["campaign", "day", "channel"], name="day_total_once"),
        ]


class Giver(models.Model):
    """How many standing gifts one giver has in a campaign; the key is a keyed hash."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="givers")
    key = models.BinaryField(max_length=80)
    gifts = models.IntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["campaign", "key"], name="giver_once_per_campaign"),
            CheckConstraint(condition=Q(gifts__gte=0), name="giver_gifts_not_below_zero"),
        ]
