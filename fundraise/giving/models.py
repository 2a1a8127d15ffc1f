"""What each donor has given, added up: moved by the database in the transaction that moves a gift.

Only received gifts count, less what was sent back or taken back; a gift that nothing is left of
does not count at all. Days are those of Stockholm. `days`, `sums_ore` and `counts` go together: up
to and with days[n] the donor gave sums_ore[n] in counts[n] gifts, so that any period's sum is the
difference of two places, found by halving (width_bucket).

Nothing writes here but the triggers of gifts_gift (migration 0002); `verify_books` adds up anew.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Channel


class Given(models.Model):
    """Sums of some gifts of one donor."""

    gifts = models.IntegerField(default=0)
    given_ore = models.BigIntegerField(default=0)
    largest_ore = models.BigIntegerField(default=0)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    last_ore = models.BigIntegerField(default=0)  # what is left of the last gift
    days = ArrayField(models.DateField(), default=list)
    sums_ore = ArrayField(models.BigIntegerField(), default=list)
    counts = ArrayField(models.IntegerField(), default=list)

    class Meta:
        abstract = True


class DonorGiving(Given):
    """All that a donor has given; the last gift that no pledge drew stands by itself."""

    donor = models.OneToOneField(
        Donor, on_delete=models.PROTECT, primary_key=True, related_name="giving"
    )
    once_gifts = models.IntegerField(default=0)  # not drawn by a pledge
    once_on = models.DateField(null=True)
    once_ore = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(gifts=0, given_ore=0, first_on=None, last_on=None)
                | Q(gifts__gt=0, given_ore__gt=0, first_on__lte=F("last_on")),
                name="giving_is_none_or_some",
            ),
        ]


class CampaignGiving(Given):
    """What a donor has given to one campaign; no row when nothing stands."""

    pk = models.CompositePrimaryKey("donor_id", "campaign_id")
    donor = models.ForeignKey(
        Donor, on_delete=models.PROTECT, related_name="campaign_givings", db_index=False
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="givings", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["campaign", "donor"],
                include=["gifts", "given_ore", "largest_ore", "first_on", "last_on"],
                name="giving_by_campaign",
            ),
        ]


class ChannelGiving(Given):
    """What a donor has given by one channel; no row when nothing stands."""

    pk = models.CompositePrimaryKey("donor_id", "channel")
    donor = models.ForeignKey(
        Donor, on_delete=models.PROTECT, related_name="channel_givings", db_index=False
    )
    channel = models.CharField(max_length=16, choices=Channel.choices)

    class Meta:
        indexes = [
            models.Index(
                fields=["channel", "donor"],
                include=["gifts", "given_ore", "largest_ore", "first_on", "last_on"],
                name="giving_by_channel",
            ),
        ]
