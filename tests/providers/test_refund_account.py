"""A refund goes back by the account that the money came by, not by the last one that was tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.providers import refunding, settle
from fundraise.providers.facts import MoneySeen
from fundraise.providers.models import Account, Attempt
from tests.people import NOON, make_campaign, make_party

pytestmark = pytest.mark.django_db


def attempt(gift: Gift, number: int, slug: str, state: str) -> Attempt:
    account = Account.objects.create(
        entity=gift.entity, provider="stripe", slug=slug, name=slug, external_id=f"acct_{slug}",
        is_active=slug == "new",
    )  # fmt: skip
    return Attempt.objects.create(
        gift=gift, account=account, number=number, idempotency_key=f"k{number}", request=b"x",
        state=state, session_id=f"cs_{number}", intent_id=f"pi_{number}", created_at=NOON,
    )  # fmt: skip


def test_a_refund_goes_by_the_account_of_the_try_that_was_paid_though_it_was_left() -> None:
    campaign = make_campaign(make_party())
    gift = Gift.objects.create(
        entity=campaign.entity, campaign=campaign, state="pending", channel="card",
        amount_ore=100_00, created_at=clock.now() - timedelta(hours=1), language="sv",
    )  # fmt: skip
    left, later = attempt(gift, 1, "old", "closed"), attempt(gift, 2, "new", "open")
    assert refunding.account_of(gift) == later.account, "nothing is paid yet"

    money = MoneySeen("ch_1", gift.ref, "pi_1", 100_00, "card", clock.now())
    settle.apply(left.account, [money, money])

    gift.refresh_from_db()
    assert (gift.state, gift.provider_ref) == ("received", "ch_1")
    assert [one.state for one in Attempt.objects.order_by("number")] == ["paid", "open"]
    assert refunding.account_of(gift) == left.account
