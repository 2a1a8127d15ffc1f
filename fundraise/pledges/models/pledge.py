"""A promise of future gifts, what its giver typed, and every change of it."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref
from fundraise.states import Transition

LAST_BANK_DAY = 31  # the value of `day` that means the last bank day of the month


class Pledge(models.Model):
    """A donor gives the same sum again and again until it ends. A promise, never income.

    `day` is 1-28, or 31 for the last bank day of the month. `starts_on` is the first day that was
    promised to the donor, `first_period` the month that it stands for (day 28 may be drawn in the
    next one); the periods follow it in steps of `interval_months`.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Awaits the donor's confirmation")
        PENDING = "pending", _("Awaits the bank")
        ACTIVE = "active", _("Going on")
        PAUSED = "paused", _("On pause")
        HALTED = "halted", _("Needs a new account or card")
        ENDED = "ended", _("It is over")

    class Interval(models.IntegerChoices):
        MONTHLY = 1, _("Every month")
        QUARTERLY = 3, _("Every quarter")
        HALF_YEARLY = 6, _("Every half-year")
        YEARLY = 12, _("Every year")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="pledges")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges")
    donor = models.ForeignKey(Donor, null=True, on_delete=models.PROTECT, related_name="pledges")
    state = models.CharField(max_length=11, choices=State.choices)
    method = models.CharField(max_length=20, help_text=_("autogiro, card: a key of METHODS."))
    amount_ore = models.BigIntegerField()
    interval_months = models.PositiveSmallIntegerField(
        choices=Interval.choices, default=Interval.MONTHLY
    )
    day = models.PositiveSmallIntegerField(help_text=_("1-28, or 31 for the last bank day."))
    starts_on = models.DateField(help_text=_("The first day that was promised to the donor."))
    first_period = models.DateField(help_text=_("The first day of the first draw's month."))
    ends_on = models.DateField(null=True, blank=True, help_text=_("No draw after this day."))
    paused_until = models.DateField(null=True, help_text=_("The first day that may be drawn on."))
    not_before = models.DateField(
        null=True, help_text=_("The end of the last pause: no draw is moved to before it.")
    )
    language = models.CharField(max_length=2, default="sv")
    giver_key = models.BinaryField(
        max_length=80, null=True, help_text=_("Keyed hash of who gives; empty when unknown.")
    )
    origin = models.CharField(
        max_length=13, default="page", help_text=_("page, staff, import or internet_bank")
    )
    reference = models.CharField(
        max_length=40, blank=True, help_text=_("From the link that led to the page.")
    )
    submission = models.BinaryField(
        max_length=32, null=True, help_text=_("Hash of the form it was sent with.")
    )
    created_at = models.DateTimeField()
    reminded_at = models.DateTimeField(
        null=True, help_text=_("When its signature was asked after.")
    )
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(
        max_length=30, blank=True, help_text=_("A code: stopped, bank, deceased, replaced …")
    )

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(amount_ore__gt=0), name="pledge_amount_above_zero"),
            CheckConstraint(
                condition=Q(interval_months__in=[1, 3, 6, 12]), name="pledge_interval_known"
            ),
            CheckConstraint(
                condition=Q(day__gte=1, day__lte=28) | Q(day=LAST_BANK_DAY),
                name="pledge_day_is_in_every_month",
            ),
            CheckConstraint(
                condition=Q(first_period__day=1), name="pledge_first_period_is_a_month"
            ),
            CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="pledge_ends_after_it_starts",
            ),
            CheckConstraint(
                condition=Q(
                    state__in=["unconfirmed", "pending", "active", "paused", "halted", "ended"]
                ),
                name="pledge_state_known",
            ),
            CheckConstraint(
                condition=Q(state="paused", paused_until__isnull=False)
                | ~Q(state="paused") & Q(paused_until=None),
                name="pledge_paused_until_a_day",
            ),
            CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | ~Q(state="ended") & Q(ended_at=None),
                name="pledge_ended_has_time",
            ),
            CheckConstraint(
                condition=Q(end_reason__regex=r"^[a-z0-9_]*$"), name="pledge_end_is_a_code"
            ),
            UniqueConstraint(
                fields=["submission"],
                condition=~Q(state="ended"),
                name="pledge_once_per_form",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state"]),
            models.Index(fields=["giver_key"]),
            models.Index(fields=["state", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"pledge {self.ref}"


class PledgeTransition(Transition):
    """One step of a pledge's state, with its cause."""

    subject_field = "pledge"
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="transitions")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["pledge", "to_state", "event_id"],
                condition=~Q(event_id=""),
                name="pledge_transition_once_per_event",
            ),
        ]


class PledgeDetails(models.Model):
    """What the giver typed, sealed for this pledge; it stays here until confirmed or forgotten."""

    pledge = models.OneToOneField(
        Pledge, on_delete=models.PROTECT, primary_key=True, related_name="details"
    )
    sealed = models.BinaryField(null=True, help_text=_("Empty when forgotten."))


class PledgeChange(models.Model):
    """What a donor or staff changed: kept for ever, with the channel and when it reached us.

    `before` and `after` hold sums in öre, days and dates, never anything of a person.
    """

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("Sum")
        DAY = "day", _("Day")
        SKIP = "skip", _("Skipped a month")
        UNSKIP = "unskip", _("Took a skipped month back")
        PAUSE = "pause", _("Made a pause")
        RESUME = "resume", _("Resumed")
        STOP = "stop", _("Stopped giving")
        ACCOUNT = "account", _("New account or card")
        REPAIR = "repair", _("Repaired after a missed month")

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.CharField(max_length=60, help_text=_("donor, staff:… or system:…"))
    channel = models.CharField(
        max_length=20, help_text=_("my_pages, mail_link, phone, letter, email, bank")
    )
    reason = models.CharField(max_length=30, blank=True, help_text=_("A code the donor chose."))
    reference = models.CharField(
        max_length=40, blank=True, help_text=_("What the link of a mail named, for attribution.")
    )
    received_at = models.DateTimeField(help_text=_("When the wish reached us."))
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["pledge", "made_at"])]
