"""Rare sequences that would count a krona twice, lose it, or stop the nightly work for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from fundraise import clock
from fundraise.gifts import refunds
from fundraise.gifts import services as gifts
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.gifts.refunds import RefundSeen
from fundraise.jobs.models import Alarm
from fundraise.ledger.models import Journal
from fundraise.outbox import services as outbox
from fundraise.providers import pull, services, settle
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.facts import LineSeen, MoneySeen
from fundraise.providers.models import Account, Attempt, BalanceLine, Payout
from fundraise.providers.stripe import translate
from fundraise.providers.tasks import sweep_attempts
from tests.journey import Journey
from tests.people import DAVID


def seen(journey: Journey, refund: Refund, **changes: Any) -> RefundSeen:
    made = RefundSeen(
        provider_ref="re_1",
        amount_ore=refund.amount_ore,
        at=clock.now(),
        movement=settle.movement(journey.account, "refund:re_1", clock.now()),
        our_ref=refund.ref,
    )
    return replace(made, **changes)


def ask(gift: Gift, ore: int) -> Refund:
    return refunds.request_refund(gift.pk, amount_ore=ore, reason="", by=DAVID)


def hand_back(journey: Journey, refund: Refund) -> None:
    """Undo what a made-up refund did, so that Stripe's own lines agree at the end."""
    refunds.record_refund(refund.gift_id, seen(journey, refund, failed=True))


def test_a_refund_noted_as_sent_in_between_is_counted_once(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund = ask(journey.given(500_00), 100_00)
    find = refunds._find_or_adopt

    def then_the_sender_commits(gift: Gift, what: RefundSeen) -> Refund:
        row = find(gift, what)
        Refund.objects.filter(pk=row.pk).update(state="sent", provider_ref="re_1")
        return row

    with monkeypatch.context() as patch:
        patch.setattr(refunds, "_find_or_adopt", then_the_sender_commits)
        refunds.record_refund(refund.gift_id, seen(journey, refund))
    refunds.record_refund(refund.gift_id, seen(journey, refund))
    refund.refresh_from_db()
    assert (refund.state, Gift.objects.get().refunded_ore) == ("settled", 100_00)
    hand_back(journey, refund)


def test_a_second_charge_on_a_gift_waits_in_suspense_and_rings(journey: Journey) -> None:
    gift = journey.given(200_00)
    line = LineSeen("txn_2", "charge", 200_00, 575, "ch_2", clock.now())
    fact = MoneySeen("ch_2", gift.ref, "pi_2", 200_00, "card", clock.now(), line)
    settle.apply(journey.account, [fact, fact, line])
    assert journey.thermometer() == (200_00, 1, 1)
    assert journey.balance("suspense") == -200_00
    assert "paid twice" in Alarm.objects.get(subject="ch_2").text


def test_money_for_a_voided_gift_is_booked_though_its_form_began_another(journey: Journey) -> None:
    form = b"f" * 32
    first = journey.start(200_00, submission=form)
    gifts.end_gift(first.pk, new="void", by="donor")
    second = journey.start(300_00, submission=form)
    journey.stand_in.pay(journey.url(first))
    journey.catch_up()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("received", "pending")
    assert journey.thermometer() == (200_00, 1, 1)


def test_a_page_that_can_not_be_closed_gets_no_second_one_beside_it(journey: Journey) -> None:
    form = b"f" * 32
    services.start_gift(journey.request(200_00, submission=form))
    journey.stand_in.fault("error", count=10, status=500, path="/v1/checkout/sessions/")
    with pytest.raises(ProviderUnavailable):
        services.start_gift(journey.request(500_00, submission=form))
    assert (Gift.objects.count(), Gift.objects.get().state) == (1, "pending")


def test_a_refund_of_money_in_suspense_goes_against_suspense(journey: Journey) -> None:
    made = journey.stand_in.bulk([{"amount": 300_00, "metadata": {}}], events="none")[0]
    pull.pull(journey.account)
    journey.stand_in.refund(charge=made["charge"])
    journey.stand_in.wait()
    assert pull.pull(journey.account)[1] == 0
    assert journey.balance("suspense") == 0
    journey.account.refresh_from_db()
    assert journey.account.pulled_until is not None


def test_a_payout_that_no_event_told_of_gets_its_lines(journey: Journey) -> None:
    journey.given(200_00)
    journey.stand_in.payout()
    journey.stand_in.wait()
    assert pull.pull(journey.account)[1] == 0
    payout = Payout.objects.get()
    assert (payout.lines_complete, payout.balance_lines.filter(kind="charge").count()) == (True, 1)


def test_a_missed_gift_with_a_missed_refund_is_whole_the_first_night(journey: Journey) -> None:
    journey.give(200_00)
    journey.stand_in.wait()
    journey.stand_in.refund(charge=journey.stand_in.objects("charge")[0]["id"], amount=50_00)
    journey.stand_in.wait()
    assert pull.pull(journey.account)[1] == 0
    assert journey.thermometer() == (150_00, 1, 1)


def test_what_is_kept_is_not_asked_about_again(journey: Journey) -> None:
    journey.given(200_00)
    pull.pull(journey.account)
    facts, failed = pull.pull(journey.account)
    assert (facts, failed) == (1, 0)  # the balance alone


def test_one_account_that_fails_does_not_stop_the_others(journey: Journey, settings: Any) -> None:
    gift = journey.give(200_00)
    journey.stand_in.wait()
    broken = Account.objects.create(
        entity=journey.party, provider="stripe", slug="old", name="x", is_active=False,
        settings_prefix="NO_SUCH",
    )  # fmt: skip
    Account.objects.filter(pk=broken.pk).update(id=-1)  # first in line
    pull.pull_all()
    gift.refresh_from_db()
    assert gift.state == "received"
    assert Alarm.objects.filter(code="nightly-pull-failed", subject="old").count() == 1


def test_a_dispute_lost_in_silence_is_asked_about(journey: Journey) -> None:
    gift = journey.given(200_00)
    dispute = journey.stand_in.open_dispute(charge=gift.provider_ref)
    journey.catch_up()
    journey.stand_in.lose_dispute(dispute["id"])
    journey.stand_in.wait()
    Account.objects.update(pulled_until=clock.now() + timedelta(days=3))
    pull.pull(journey.account)
    assert Dispute.objects.get().state == "lost"


def test_a_gift_whose_start_was_a_crash_does_not_wait_for_ever(journey: Journey) -> None:
    crashed = gifts.begin_gift(gifts.NewGift(journey.campaign, 200_00, journey.request().giver))
    swish = gifts.begin_gift(
        gifts.NewGift(journey.campaign, 200_00, journey.request().giver, channel="swish_number")
    )
    open_page = journey.start()
    Gift.objects.update(created_at=clock.now() - timedelta(hours=25))
    sweep_attempts()
    states = dict(Gift.objects.values_list("pk", "state"))
    assert states == {crashed.pk: "expired", swish.pk: "pending", open_page.pk: "pending"}
    Gift.objects.update(created_at=clock.now() - timedelta(days=61))
    sweep_attempts()
    swish.refresh_from_db()
    assert swish.state == "expired"


def test_a_second_click_half_an_hour_later_begins_with_a_new_key(journey: Journey) -> None:
    form = b"f" * 32
    journey.stand_in.fault("lose_before", count=2, path="/v1/checkout/sessions", method="POST")
    with pytest.raises(ProviderUnavailable):
        services.start_gift(journey.request(submission=form))
    Attempt.objects.update(created_at=clock.now() - timedelta(minutes=30))
    started = services.start_gift(journey.request(submission=form))
    assert started.redirect_url
    assert [a.state for a in Attempt.objects.order_by("number")] == ["closed", "open"]


def test_a_large_refund_in_small_parts_needs_a_second_person(journey: Journey) -> None:
    gift = journey.given(5_000_00)
    states = [ask(gift, 400_00).state for _ in range(4)]
    assert states == ["queued", "queued", "awaiting_second", "awaiting_second"]
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Refund.objects.filter(state="awaiting_second").update(state="queued")


def test_a_failed_refund_is_undone_on_the_day_it_failed(journey: Journey) -> None:
    refund = ask(journey.given(200_00), 200_00)
    long_ago = clock.now() - timedelta(days=40)
    booked = replace(seen(journey, refund), at=long_ago)
    refunds.record_refund(refund.gift_id, booked)
    failed_at = clock.now() - timedelta(days=2)
    undone = replace(booked, failed=True, failed_at=failed_at)
    refunds.record_refund(refund.gift_id, undone)
    reversal = Journal.objects.exclude(reversal_of=None).get()
    assert reversal.event_date == clock.local_date(failed_at)


def test_a_refund_that_has_not_left_the_balance_is_not_booked(journey: Journey) -> None:
    refund = ask(journey.given(200_00), 200_00)
    waiting = seen(journey, refund, moved=False)
    assert not refunds.record_refund(refund.gift_id, waiting)
    assert not refunds.record_refund(refund.gift_id, waiting)
    refund.refresh_from_db()
    assert (refund.state, Gift.objects.get().refunded_ore) == ("sent", 0)
    assert refunds.record_refund(refund.gift_id, seen(journey, refund))
    hand_back(journey, refund)


def test_money_in_another_currency_is_never_taken_for_kronor() -> None:
    charge = {
        "id": "ch_1", "currency": "eur", "amount": 10_00, "created": 1_700_000_000,
        "balance_transaction": None, "metadata": {},
    }  # fmt: skip
    with pytest.raises(translate.ForeignMoney):
        translate.money(charge)
    txn = {
        "id": "txn_1", "type": "charge", "amount": 113_20, "fee": 0, "created": 1_700_000_000,
        "source": "ch_1",
    }  # fmt: skip
    fact = translate.money({**charge, "balance_transaction": txn})
    assert (fact.amount_ore, fact.gift_ref) == (113_20, None)


def test_a_delayed_method_that_fails_closes_the_attempt() -> None:
    session = {
        "id": "cs_1", "status": "complete", "payment_status": "unpaid", "metadata": {},
        "payment_intent": {"id": "pi_1", "status": "requires_payment_method", "metadata": {}},
    }  # fmt: skip
    states = [getattr(fact, "state", "") for fact in translate.session(session)]
    assert states == ["closed"]


def test_a_manual_payout_is_kept_without_lines() -> None:
    made = translate.payout(
        {
            "id": "po_1", "amount": 100, "status": "paid", "arrival_date": 1_700_000_000,
            "created": 1_700_000_000, "automatic": False, "reconciliation_status": "completed",
        },
        [],
    )  # fmt: skip
    assert made.lines_ready is False


def test_an_older_answer_takes_no_payout_back(journey: Journey) -> None:
    fact = translate.payout(
        {
            "id": "po_1", "amount": 100, "status": "paid", "arrival_date": 1_700_000_000,
            "created": 1_700_000_000, "automatic": True,
        },
        [],
    )  # fmt: skip
    settle.apply(journey.account, [fact, replace(fact, state="in_transit")])
    assert Payout.objects.get().state == "paid"
    settle.apply(journey.account, [replace(fact, state="failed"), fact])
    assert Payout.objects.get().state == "failed"
    Payout.objects.all().delete()


def test_two_accounts_of_one_entity_are_compared_together(journey: Journey) -> None:
    Account.objects.create(
        entity=journey.party, provider="stripe", slug="old", name="x", is_active=False,
        settings_prefix="STRIPE",
    )  # fmt: skip
    journey.given(200_00)
    assert BalanceLine.objects.count() == 1


def test_a_provider_is_called_in_no_transaction_of_ours(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = len(connection.savepoint_ids)
    depths: list[int] = []
    monkeypatch.setattr(
        "fundraise.providers.subscribers.refunding.send_refund",
        lambda _pk: depths.append(len(connection.savepoint_ids)),
    )
    ask(journey.given(200_00), 100_00)
    outbox.deliver_due(clock.real_now(), most=100)
    assert depths == [outside]


def test_a_received_gift_stays_as_it_was_booked(journey: Journey) -> None:
    gift = journey.given(200_00)
    for change in ({"amount_ore": 1}, {"state": "void"}, {"channel": "swish"}):
        with pytest.raises(Exception, match="stays as it was booked"), transaction.atomic():
            Gift.objects.filter(pk=gift.pk).update(**change)
