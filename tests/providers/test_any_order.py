"""Whatever arrives, in whatever order, however often or never: the books end the same.

Acts at the stand-in (gifts, declines, refunds, disputes, payouts) are mixed with deliveries of any
of the events so far; some events never come. After a nightly pull the books must hold exactly what
the stand-in's own objects say, which a few lines here add up without the product's code.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundraise.gifts import refunds
from fundraise.gifts.models import Gift
from fundraise.providers import pull
from fundraise.providers.models import ProviderEvent
from tests.journey import Journey
from tests.people import DAVID
from tests.proofs import differing
from tests.stripe_stand_in import CARD_DECLINED, CARD_OK, StripeStandIn

EXAMPLES = int(os.environ.get("ORDER_EXAMPLES", "6"))

number = st.integers(0, 1_000)
way = st.sampled_from(["card", "declined first", "swish"])
act = st.one_of(
    st.tuples(st.just("give"), st.sampled_from([50_00, 200_00, 499_99]), way),
    st.tuples(st.just("refund"), number, st.sampled_from([1_00, 50_00, 10_000_00])),
    st.tuples(st.just("dashboard_refund"), number, st.sampled_from([1_00, 50_00])),
    st.tuples(st.just("dispute"), number, st.sampled_from(["open", "won", "lost"])),
    st.tuples(st.just("payout"), st.just(0), st.just(0)),
    st.tuples(st.just("deliver"), number, st.integers(1, 3)),
    st.tuples(st.just("deliver"), number, st.integers(1, 3)),
)


class Undo(Exception):
    """Rolls an example back."""


@pytest.mark.long
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(act, min_size=3, max_size=14), lost=st.sets(number, max_size=6))
def test_any_order_ends_in_the_same_books(
    db: None, stand_in: StripeStandIn, acts: list[Any], lost: set[int]
) -> None:
    stand_in.reset()
    try:
        with transaction.atomic():
            play(Journey(stand_in), acts, lost)
            raise Undo
    except Undo:
        pass


def play(journey: Journey, acts: list[Any], lost: set[int]) -> None:
    for name, first, second in acts:
        perform(journey, name, first, second)
    journey.stand_in.wait()
    events = journey.stand_in.events()
    arriving = [e for n, e in enumerate(events) if n not in lost]
    journey.deliver(*reversed(arriving))
    for _ in range(2):  # what the outbox does may make more to pull
        pull.pull(journey.account)
        journey.work()
        journey.stand_in.wait()
    pull.pull(journey.account)
    assert ProviderEvent.objects.filter(state="failed").count() == 0
    assert books(journey) == truth(journey.stand_in)
    assert differing() == []


def perform(journey: Journey, name: str, first: Any, second: Any) -> None:
    charges = journey.stand_in.objects("charge")
    paid = [c for c in charges if c["status"] == "succeeded"]
    if name == "give":
        give(journey, first, second)
    elif name == "deliver":
        events = journey.events()
        if events:
            journey.deliver(*[events[first % len(events)]] * second)
    elif name == "refund":
        refund_by_us(journey, first, second)
    elif name == "payout":
        if journey.stand_in.objects("balance_transaction") and balance(journey.stand_in) != 0:
            journey.stand_in.payout()
    elif paid:
        at_stripe(journey.stand_in, name, paid[first % len(paid)], second)


def give(journey: Journey, ore: int, way: str) -> None:
    url = journey.url(journey.start(ore))
    if way == "declined first":
        journey.stand_in.pay(url, CARD_DECLINED)
    if way == "swish":
        journey.stand_in.swish(url)
    else:
        journey.stand_in.pay(url, CARD_OK)


def refund_by_us(journey: Journey, which: int, ore: int) -> None:
    gifts = list(Gift.objects.filter(state="received").order_by("pk"))
    if gifts:
        gift = gifts[which % len(gifts)]
        ore = min(ore, refunds.refundable_ore(gift))
        if ore:
            refunds.request_refund(gift.pk, amount_ore=ore, reason="", by=DAVID)
            journey.work()


def at_stripe(stand_in: StripeStandIn, name: str, charge: Any, second: Any) -> None:
    left = charge["amount"] - charge["amount_refunded"]
    if name == "dashboard_refund" and not charge["disputed"] and left >= second:
        stand_in.refund(charge=charge["id"], amount=second)
    if name == "dispute" and by_card(charge) and not charge["disputed"] and left > 0:
        dispute = stand_in.open_dispute(charge=charge["id"], amount=left)
        if second == "won":
            stand_in.win_dispute(dispute["id"])
        if second == "lost":
            stand_in.lose_dispute(dispute["id"])


def by_card(charge: Any) -> bool:
    """Swish knows no disputes."""
    return bool(charge["payment_method_details"]["type"] == "card")


def balance(stand_in: StripeStandIn) -> int:
    return sum(t["net"] for t in stand_in.objects("balance_transaction"))


def truth(stand_in: StripeStandIn) -> dict[str, int]:
    """The sums as Stripe's own objects have them, in öre."""
    lines = stand_in.objects("balance_transaction")
    payouts = [t for t in lines if t["reporting_category"].startswith("payout")]
    income = [t for t in lines if t not in payouts]
    return {
        "income": sum(t["amount"] for t in income),
        "fees": sum(t["fee"] for t in lines),
        "stripe": sum(t["net"] for t in lines),
        "in_transit": -sum(t["amount"] for t in payouts),
    }


def books(journey: Journey) -> dict[str, int]:
    received, _gifts, _donors = journey.thermometer()
    assert received == -journey.balance("gifts")
    return {
        "income": received,
        "fees": journey.balance("fees"),
        "stripe": journey.balance("stripe"),
        "in_transit": journey.balance("payout_in_transit"),
    }
