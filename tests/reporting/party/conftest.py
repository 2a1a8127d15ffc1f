"""A party whose books are open, and gifts booked by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Channel, Gift
from fundraise.providers import by_hand
from tests.people import DAVID, make_campaign, make_party

GiveIt = Callable[..., Gift]
NEW_YEAR = datetime(2027, 1, 15, 9, 0, tzinfo=UTC)


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign(make_party())


@pytest.fixture
def give(campaign: Campaign) -> GiveIt:
    """A gift that staff saw come in, with journal and thermometer."""
    slips = count(1)

    def given(kronor: int, name: str = "", email: str = "", **more: Any) -> Gift:
        at = more.pop("at", datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
        typed = Giver(name=name, email=email, **more)
        return by_hand.record_manual_gift(
            by_hand.ManualGift(
                more.get("campaign", campaign),
                kronor * 100,
                Channel.CASH,
                at,
                proof=f"s{next(slips)}",
                by=DAVID,
                giver=typed,
            )
        )

    return given


@pytest.fixture
def go_to() -> Any:
    """Another day of the product's clock."""

    def on(moment: datetime) -> None:
        ahead: timedelta = moment - clock.real_now()
        clock.use(lambda: ahead)

    return on
