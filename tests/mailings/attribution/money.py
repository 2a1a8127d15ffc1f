"""Gifts that follow mails, as tests of attribution need them."""

from __future__ import annotations

from datetime import timedelta

from donors.models import Donor
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import services as gifts
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Gift
from fundraise.gifts.services import NewGift, Receipt
from mailings.appeals.models import Appeal, Batch
from tests.mailings.mailed import Mailed
from tests.pledging import ANNA


def left(mailed: Mailed, *, days: int) -> Mailed:
    """The appeal's mails left so many days ago."""
    at = clock.now() - timedelta(days=days)
    Batch.objects.filter(pk=mailed.batch.pk).update(posted_at=at)
    Appeal.objects.filter(pk=mailed.appeal.pk).update(started_at=at)
    mailed.appeal.refresh_from_db()
    return mailed


def give(campaign: Campaign, donor: Donor | None, reference: str = "", ore: int = 200_00) -> Gift:
    """A card gift that was paid now."""
    gift = gifts.begin_gift(NewGift(campaign, ore, ANNA, reference=reference))
    at = clock.now()
    gifts.record_gift(
        gift.pk,
        Receipt("card", ore, f"pi_{gift.pk}", at, Movement(f"card:{gift.ref}", at, "system:test")),
    )
    Gift.objects.filter(pk=gift.pk).update(donor=donor)
    return gift
