"""What an entity has agreed with its bank about autogiro, and who carries its files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from fundraise import clock
from fundraise.providers.models import Account
from fundraise.refs import new_ref


class Agreement(models.Model):
    """One bankgiro number (the account's `external_id`) and how its files travel.

    Customer number and seal key come from the environment by the account's prefix; cut-off and lead
    times are dated rows of settings.AUTOGIRO_TIMES. `file_weekdays` are the days on which somebody
    carries files by hand, 1 for Monday; a file that can't wait until then is made all the same.
    """

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="agreement"
    )
    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    approve = models.BooleanField(
        default=False, help_text="Totals are shown to a person before a file leaves."
    )
    by_hand = models.BooleanField(
        default=False, help_text="A person fetches each file and leaves it at the bank."
    )
    file_weekdays = models.CharField(max_length=5, default="12345")
    draw_days_ahead = models.PositiveSmallIntegerField(
        default=2, help_text="So many bank days before its day a draw is sent."
    )
    built_on = models.DateField(null=True, help_text="The last day whose files are made.")
    begun_at = models.DateTimeField(default=clock.now)
    stopped_at = models.DateTimeField(
        null=True, help_text="Bankgirot has ended the agreement: nothing is made any more."
    )

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(file_weekdays__regex=r"^1?2?3?4?5?$") & ~Q(file_weekdays=""),
                name="giro_agreement_file_weekdays",
            ),
            CheckConstraint(
                condition=Q(draw_days_ahead__gte=1, draw_days_ahead__lte=10),
                name="giro_agreement_days_ahead",
            ),
        ]

    def __str__(self) -> str:
        return f"autogiro {self.ref}"


class Carrier(models.Model):
    """Who carries an agreement's files, and who does when they can't: each is told at noon."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="carriers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_deputy = models.BooleanField(default=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["agreement", "user"], name="giro_carrier_once"),
        ]


class CalendarFeed(models.Model):
    """A secret address under which a calendar program finds the file days; only its hash stays."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="feeds")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    token_hash = models.BinaryField(max_length=80, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
