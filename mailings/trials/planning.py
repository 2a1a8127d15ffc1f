"""What a trial is set with: what appeals usually bring, the size it takes, the largest sum.

Stands on the last ten appeals of the house that brought something; where there are none, on figures
that are named as assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from django.db.models import Count, F, FloatField, Sum
from django.db.models.functions import Cast

from fundraise.campaigns.models import Campaign
from mailings.appeals.models import Appeal, Batch
from mailings.appeals.services.trying import Terms
from mailings.attribution.models import GiftTouch
from mailings.trials import size
from mailings.trials.size import Usual

LAST = 10
ASSUMED = Usual(rate=0.005, mean_ore=300_00, variation=1.5)
MOST_ORE2 = 9 * 10**18  # what the column holds
CAP_TIMES = 10  # a gift counts with at most so many usual ones


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may be said before anything is sent: öre, people, parts of one."""

    usual: Usual
    is_assumed: bool
    people_per_version: int
    needed_per_version: int  # to see a fifth more kronor per person
    smallest_seen: float  # what these people are likely to show; 0.2 is 20 %

    @property
    def is_enough(self) -> bool:
        """Whether a fifth more would be likely to be seen."""
        return self.people_per_version >= self.needed_per_version


def outlook(usual: Usual | None, people: int, percent: int, versions: int) -> Outlook:
    """What a trial of so many versions on `percent` of so many people can show."""
    known = usual or ASSUMED
    each = people * percent // 100 // max(versions, 1)
    count = max(versions, 2)
    return Outlook(
        usual=known,
        is_assumed=usual is None,
        people_per_version=each,
        needed_per_version=size.people_per_version(known, more=0.2, versions=count),
        smallest_seen=size.smallest_seen(known, max(each, 1), versions=count),
    )


def terms(usual: Usual | None, people: int, *, percent: int, hours: int) -> Terms:
    """What a trial is set with: half of the gifts that its people are thought to give."""
    known = usual or ASSUMED
    tried = max(people * percent // 100, 1)
    return Terms(
        percent=percent,
        hours=hours,
        expected_ore2=min(round(known.expected_ore2(tried) / 2) + 1, MOST_ORE2),
        cap_ore=max(round(known.mean_ore) * CAP_TIMES, 100),
    )


def usual_of(campaign: Campaign) -> Usual | None:
    """What the last ten appeals brought: givers per mail, the mean gift, its spread."""
    sent = Appeal.objects.filter(
        campaign__entity=campaign.entity_id, kind=Appeal.Kind.MAIL, ended_at__isnull=False
    ).order_by("-ended_at")[:LAST]
    ids = list(sent.values_list("pk", flat=True))
    mailed = Batch.objects.filter(appeal__in=ids, state=Batch.State.ACCEPTED)
    people: int = mailed.aggregate(people=Sum("sent"))["people"] or 0
    ore = Cast(F("gift__amount_ore"), FloatField())
    brought = GiftTouch.objects.filter(appeal__in=ids, passed_on=False).exclude(
        way=GiftTouch.Way.PLEDGE
    )
    given = brought.aggregate(gifts=Count("pk"), total=Sum(ore), squares=Sum(ore * ore))
    gifts: int = given["gifts"]
    if people == 0 or gifts < LAST:
        return None
    mean = given["total"] / gifts
    spread = sqrt(max(given["squares"] / gifts - mean * mean, 0.0))
    return Usual(rate=min(gifts / people, 1.0), mean_ore=mean, variation=max(spread / mean, 0.1))
