"""A fund is chosen, put away and given to by several connections at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from fundraise import clock
from fundraise.campaigns import services
from fundraise.campaigns.models import Campaign, Fund
from fundraise.gifts.models import Gift
from tests import queueing
from tests.people import CECILIA, make_campaign, make_fund, make_party

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(call: Callable[[], Any]) -> str:
    """What became of it, on a connection of its own."""
    try:
        call()
    except ValidationError as refusal:
        (field,) = refusal.message_dict
        return field
    finally:
        connection.close()
    return "done"


def second(first: Callable[[], Any], then: Callable[[], Any]) -> str:
    """The outcome of what begins while the first is done and not committed, and has to wait."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(outcome, then)
            queueing.until_it_waits(waiting)
        return waiting.result()


def test_who_comes_second_waits_and_sees_what_the_first_has_done() -> None:
    party = make_party()
    one, two, three = (make_fund(party, name, name) for name in ("Ett", "Två", "Tre"))
    campaign = make_campaign(party, fund=three)

    def put_away(fund: Fund) -> Callable[[], bool]:
        return lambda: services.put_fund_away(fund.pk, by=CECILIA)

    def choose(fund: Fund) -> Callable[[], Campaign]:
        return lambda: services.update_campaign(campaign.pk, by=CECILIA, fund=fund)

    assert second(choose(one), put_away(one)) == "__all__"
    assert second(put_away(two), choose(two)) == "fund"
    assert Campaign.objects.get().fund == one
    assert list(Fund.objects.exclude(put_away_at=None)) == [two]

    def give() -> None:
        Gift.objects.create(
            entity=party, campaign=campaign, amount_ore=100_00, created_at=clock.now()
        )

    assert second(give, choose(three)) == "fund"
    assert (Campaign.objects.get().fund, Gift.objects.count()) == (one, 1)
