"""The first touch of money beside the last one, which is what it is counted to."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from fundraise.gifts.models import Gift
from fundraise.gifts.queries import STANDING_ORE, STANDS
from fundraise.pledges.models import Pledge
from mailings.appeals.models import Appeal
from mailings.attribution.models import GiftTouch, PledgeTouch


@dataclass(frozen=True, slots=True)
class FirstTouch:
    """Gifts whose givers an appeal was the first to reach, whatever they are counted to."""

    gifts: int
    received_ore: int


def first_touch(appeal: Appeal) -> FirstTouch:
    """What stands of them now."""
    found = first_gifts(appeal).aggregate(
        gifts=Count("pk", filter=STANDS), ore=Sum(STANDING_ORE, default=0)
    )
    return FirstTouch(found["gifts"], int(found["ore"]))


def first_gifts(appeal: Appeal) -> QuerySet[Gift]:
    """The gifts behind it, the newest first."""
    return Gift.objects.filter(touch__first_appeal=appeal).order_by("-received_at", "-pk")


def of(row: Gift | Pledge) -> GiftTouch | PledgeTouch | None:
    """What a gift or a monthly gift is counted to; None before it was counted."""
    kind = GiftTouch if isinstance(row, Gift) else PledgeTouch
    rows = kind.objects.select_related("appeal__campaign", "first_appeal__campaign", "code")
    found: GiftTouch | PledgeTouch | None = rows.filter(pk=row.pk).first()
    return found
