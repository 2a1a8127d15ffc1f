"""Money that goes back, from our side and from Stripe's Dashboard, and money that is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fundraise import clock
from fundraise.gifts import refunds
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.gifts.refunds import RefundError
from fundraise.ledger.models import Journal
from fundraise.providers import pull, refunding
from fundraise.providers.models import Payout
from tests.journey import Journey
from tests.people import CECILIA, DAVID
from tests.stripe_stand_in import CARD_REFUND_FAILS

FEE_200 = 200_00 * 15 // 1000 + 275


def ask(gift: Gift, ore: int, by: str = DAVID) -> Refund:
    return refunds.request_refund(gift.pk, amount_ore=ore, reason="Ångrade sig", by=by)


def fresh(gift: Gift) -> Gift:
    gift.refresh_from_db()
    return gift


def test_a_part_refund_of_ours_is_sent_booked_and_moves_the_thermometer(journey: Journey) -> None:
    gift = journey.given(500_00)
    refund = ask(gift, 200_00)
    journey.work()
    journey.catch_up()
    refund.refresh_from_db()
    assert (refund.state, fresh(gift).refunded_ore) == ("settled", 200_00)
    assert journey.thermometer() == (300_00, 1, 1)
    assert journey.balance("gifts") == -300_00


def test_a_full_refund_takes_the_gift_and_its_giver_off_the_thermometer(journey: Journey) -> None:
    gift = journey.given(200_00)
    ask(gift, 200_00)
    journey.work()
    assert journey.thermometer() == (0, 0, 0)
    assert fresh(gift).state == "received"


def test_07_two_equal_part_refunds_are_two(journey: Journey) -> None:
    gift = journey.given(500_00)
    ask(gift, 100_00)
    ask(gift, 100_00)
    journey.work()
    assert fresh(gift).refunded_ore == 200_00
    assert len({r.provider_ref for r in Refund.objects.all()}) == 2


@pytest.mark.parametrize("ore", [None, 80_00])
def test_07_a_refund_in_the_dashboard_is_found(journey: Journey, ore: int | None) -> None:
    gift = journey.given(200_00)
    journey.stand_in.refund(charge=gift.provider_ref, amount=ore)
    journey.catch_up()
    assert fresh(gift).refunded_ore == (ore or 200_00)
    assert Refund.objects.get().origin == "provider"


def test_07_a_dashboard_refund_that_no_event_told_of_is_pulled(journey: Journey) -> None:
    gift = journey.given(200_00)
    journey.stand_in.refund(charge=gift.provider_ref)
    journey.stand_in.wait()
    pull.pull(journey.account)
    assert (fresh(gift).refunded_ore, journey.thermometer()) == (200_00, (0, 0, 0))


def test_a_refund_event_before_the_gift_event_books_both(journey: Journey) -> None:
    gift = journey.give(200_00)
    journey.stand_in.wait()
    charge = journey.stand_in.objects("charge")[0]["id"]
    journey.stand_in.refund(charge=charge, amount=50_00)
    journey.deliver(*journey.events("refund.created"))
    assert (fresh(gift).state, gift.refunded_ore) == ("received", 50_00)
    journey.catch_up()
    assert journey.thermometer() == (150_00, 1, 1)


def test_a_refund_that_fails_later_is_undone_by_a_linked_reversal(journey: Journey) -> None:
    gift = journey.given(200_00, card=CARD_REFUND_FAILS)
    refund = ask(gift, 200_00)
    journey.work()
    journey.catch_up()
    sent = Refund.objects.get().provider_ref
    if Refund.objects.get().state != "failed":
        journey.stand_in.fail_refund(str(sent))
        journey.catch_up()
    refund.refresh_from_db()
    assert (refund.state, fresh(gift).refunded_ore) == ("failed", 0)
    assert journey.thermometer() == (200_00, 1, 1)
    assert Journal.objects.exclude(reversal_of=None).count() == 1


@pytest.mark.parametrize("act", ["lose", "lose_before", "error_saved"])
def test_a_refund_whose_answer_is_lost_is_sent_once(journey: Journey, act: str) -> None:
    gift = journey.given(200_00)
    refund = ask(gift, 200_00)
    journey.stand_in.fault(act, count=2, path="/v1/refunds", method="POST", status=500)
    journey.work()
    assert Refund.objects.get().state == "queued"
    if act == "error_saved":  # Stripe repeats a saved 500 for as long as it keeps the key
        Refund.objects.update(created_at=clock.now() - timedelta(hours=24))
    else:
        Refund.objects.update(created_at=clock.now() - timedelta(minutes=11))
    assert refunding.waiting() == [refund.pk]
    refunding.send_refund(refund.pk)
    refund.refresh_from_db()
    assert refund.state == "settled"
    assert len(journey.stand_in.objects("refund")) == 1
    assert fresh(gift).refunded_ore == 200_00


def test_a_refund_after_23_hours_looks_before_it_sends_anew(journey: Journey) -> None:
    gift = journey.given(200_00)
    refund = ask(gift, 200_00)
    journey.stand_in.fault("lose", count=2, path="/v1/refunds", method="POST")
    journey.work()
    Refund.objects.update(created_at=clock.now() - timedelta(hours=30))
    refunding.send_refund(refund.pk)
    assert len(journey.stand_in.objects("refund")) == 1
    assert fresh(gift).refunded_ore == 200_00


def test_a_refund_above_the_limit_needs_a_second_person(journey: Journey) -> None:
    gift = journey.given(2_000_00)
    refund = ask(gift, 1_500_00)
    journey.work()
    assert (refund.state, journey.stand_in.objects("refund")) == ("awaiting_second", [])
    with pytest.raises(RefundError, match="same_person"):
        refunds.approve_refund(refund.ref, by=DAVID)
    refunds.approve_refund(refund.ref, by=CECILIA)
    journey.work()
    refund.refresh_from_db()
    assert (refund.state, refund.approved_by) == ("settled", CECILIA)
    assert fresh(gift).refunded_ore == 1_500_00


def test_a_limit_of_zero_always_needs_a_second_person(journey: Journey, settings: Any) -> None:
    settings.TWO_PERSON_REFUND_ORE = 0
    assert ask(journey.given(200_00), 1_00).state == "awaiting_second"


def test_a_refused_refund_sends_nothing_and_frees_the_sum(journey: Journey) -> None:
    gift = journey.given(2_000_00)
    refund = ask(gift, 2_000_00)
    with pytest.raises(RefundError, match="too_much"):
        ask(gift, 1)
    refunds.refuse_refund(refund.ref, by=CECILIA, reason="Fel belopp")
    assert refunds.refundable_ore(gift) == 2_000_00
    assert journey.stand_in.objects("refund") == []


@pytest.mark.parametrize("ore", [0, -1, 200_01])
def test_a_refund_beyond_the_gift_is_refused(journey: Journey, ore: int) -> None:
    gift = journey.given(200_00)
    with pytest.raises(RefundError, match="too_much"):
        ask(gift, ore)
    assert Refund.objects.count() == 0


def test_a_gift_without_money_has_nothing_to_send_back(journey: Journey) -> None:
    with pytest.raises(RefundError, match="not_received"):
        ask(journey.start(), 100)


@pytest.mark.parametrize("ending", ["won", "lost", "open"])
def test_08_a_dispute_takes_the_gift_and_gives_it_back_when_won(
    journey: Journey, ending: str
) -> None:
    gift = journey.given(200_00)
    dispute = journey.stand_in.open_dispute(charge=gift.provider_ref)
    journey.catch_up()
    assert (fresh(gift).disputed_ore, journey.thermometer()) == (200_00, (0, 0, 0))
    if ending == "won":
        journey.stand_in.win_dispute(dispute["id"])
    if ending == "lost":
        journey.stand_in.lose_dispute(dispute["id"])
    journey.catch_up()
    left = 200_00 if ending == "won" else 0
    assert journey.thermometer() == (left, int(bool(left)), int(bool(left)))
    assert Dispute.objects.get().state == ending
    assert journey.balance("fees") > FEE_200


def test_08_a_dispute_of_a_part_takes_a_part(journey: Journey) -> None:
    gift = journey.given(200_00)
    journey.stand_in.open_dispute(charge=gift.provider_ref, amount=50_00)
    journey.catch_up()
    assert (fresh(gift).disputed_ore, journey.thermometer()) == (50_00, (150_00, 1, 1))


def test_08_dispute_events_in_reverse_end_the_same(journey: Journey) -> None:
    gift = journey.give(200_00)
    journey.stand_in.wait()
    charge = journey.stand_in.objects("charge")[0]["id"]
    dispute = journey.stand_in.open_dispute(charge=charge)
    journey.stand_in.win_dispute(dispute["id"])
    journey.deliver(*reversed(journey.events()))
    assert (fresh(gift).disputed_ore, Dispute.objects.get().state) == (0, "won")
    assert journey.thermometer() == (200_00, 1, 1)


def test_a_payout_goes_through_the_transit_account_with_its_lines(journey: Journey) -> None:
    journey.given(200_00)
    journey.given(300_00)
    paid = journey.stand_in.payout()
    journey.catch_up()
    payout = Payout.objects.get()
    assert (payout.provider_ref, payout.state, payout.lines_complete) == (paid["id"], "paid", True)
    assert journey.balance("payout_in_transit") == payout.amount_ore == paid["amount"]
    assert journey.balance("stripe") == 0
    assert payout.balance_lines.filter(kind="charge").count() == 2


def test_a_payout_that_fails_after_it_was_paid_comes_back(journey: Journey) -> None:
    journey.given(200_00)
    paid = journey.stand_in.payout()
    journey.catch_up()
    journey.stand_in.fail_payout(paid["id"])
    journey.catch_up()
    pull.pull(journey.account)
    assert journey.balance("payout_in_transit") == 0
    assert journey.balance("stripe") == paid["amount"]


def test_17_refunds_larger_than_gifts_make_a_payout_below_zero(journey: Journey) -> None:
    gift = journey.given(200_00)
    journey.stand_in.payout()
    journey.catch_up()
    ask(gift, 200_00)
    journey.work()
    journey.catch_up()
    drawn = journey.stand_in.payout()
    journey.catch_up()
    assert drawn["amount"] == -200_00
    assert journey.balance("stripe") == 0
    assert journey.balance("payout_in_transit") == -FEE_200


def test_the_proof_compares_the_ledger_with_stripes_balance(journey: Journey) -> None:
    from fundraise.providers import proofs

    journey.given(200_00)
    pull.pull(journey.account)
    compared = [c for c in proofs.checks() if c.name.endswith("Stripe's balance")]
    assert [(c.status, c.expected) for c in compared] == [("ok", 200_00 - FEE_200)]
