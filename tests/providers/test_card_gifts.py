"""The cases of one-off gifts that went wrong for others (the numbers are those of the list)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.db import connection

from donors.models import Donor
from fundraise import clock
from fundraise.gifts.models import Gift, GiftTransition
from fundraise.gifts.queries import giver_of
from fundraise.jobs.models import Alarm
from fundraise.ledger.models import Journal
from fundraise.providers import intake, pull, services
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.models import Attempt, ProviderEvent
from tests.journey import BJORN, Journey
from tests.stripe_stand_in import CARD_DECLINED, WEBHOOK_SECRET

FEE_200 = 200_00 * 15 // 1000 + 275  # 1.5 % + 2.75 kr, as the stand-in charges


def test_a_card_gift_reaches_ledger_thermometer_and_donor(journey: Journey) -> None:
    gift = journey.given(200_00)
    assert (gift.state, gift.channel, gift.fee_ore) == ("received", "card", FEE_200)
    assert journey.thermometer() == (200_00, 1, 1)
    assert journey.balance("stripe") == 200_00 - FEE_200
    assert journey.balance("gifts") == -200_00
    assert journey.balance("fees") == FEE_200
    assert [donor.source for donor in Donor.objects.all()] == ["donation_page"]
    assert gift.donor is not None


def test_a_swish_gift_knows_its_channel(journey: Journey) -> None:
    gift = journey.start(500_00)
    journey.stand_in.swish(journey.url(gift))
    journey.catch_up()
    gift.refresh_from_db()
    assert (gift.state, gift.channel) == ("received", "swish")
    assert journey.thermometer() == (500_00, 1, 1)


def test_01_the_same_event_twice_is_stored_and_booked_once(journey: Journey) -> None:
    journey.give()
    paid = journey.events("payment_intent.succeeded")[0]
    answers = [journey.post(paid).json()["new"] for _ in range(3)]
    journey.work()
    journey.work()
    assert answers == [True, False, False]
    assert journey.thermometer() == (200_00, 1, 1)
    assert Journal.objects.filter(text__startswith="Gåva").count() == 1


@pytest.mark.parametrize("first", ["event", "return"])
def test_02_event_and_return_in_either_order_or_alone(journey: Journey, first: str) -> None:
    gift = journey.give()
    paid = journey.events("payment_intent.succeeded")[0]
    if first == "event":
        journey.deliver(paid)
    services.check_gift(gift.ref)
    gift.refresh_from_db()
    assert gift.state == "received"
    if first == "return":
        journey.deliver(paid)
    assert journey.thermometer() == (200_00, 1, 1)
    assert GiftTransition.objects.filter(gift=gift).count() == 1


def test_02_without_event_or_return_the_sweeper_finds_the_money(journey: Journey) -> None:
    from fundraise.providers.tasks import sweep_attempts

    gift = journey.give()
    Attempt.objects.update(created_at=clock.now() - timedelta(minutes=11))
    sweep_attempts()
    gift.refresh_from_db()
    assert gift.state == "received"


def test_03_a_charge_event_before_its_intent_loses_nothing(journey: Journey) -> None:
    journey.give()
    journey.deliver(*journey.events("charge.succeeded"))
    assert journey.thermometer() == (0, 0, 0)
    journey.deliver(*journey.events("charge.updated"), *journey.events("payment_intent"))
    assert journey.thermometer() == (200_00, 1, 1)
    assert journey.balance("fees") == FEE_200


def test_04_success_after_a_decline_on_the_same_page(journey: Journey) -> None:
    gift = journey.start()
    journey.stand_in.pay(journey.url(gift), CARD_DECLINED)
    journey.catch_up()
    gift.refresh_from_db()
    assert (gift.state, Attempt.objects.get().declines) == ("pending", 1)
    journey.stand_in.pay(journey.url(gift))
    journey.catch_up()
    gift.refresh_from_db()
    assert gift.state == "received"
    assert journey.thermometer() == (200_00, 1, 1)


def test_04_a_late_failure_does_not_undo_a_success(journey: Journey) -> None:
    gift = journey.start()
    journey.stand_in.pay(journey.url(gift), CARD_DECLINED)
    journey.stand_in.pay(journey.url(gift))
    failed = journey.events("payment_intent.payment_failed")
    journey.deliver(*journey.events("payment_intent.succeeded"), *failed)
    gift.refresh_from_db()
    assert gift.state == "received"


def test_05_the_same_form_twice_is_one_gift_and_one_page(journey: Journey) -> None:
    form = b"f" * 32
    first = services.start_gift(journey.request(submission=form))
    second = services.start_gift(journey.request(submission=form))
    assert first == second
    assert len(journey.stand_in.calls("/v1/checkout/sessions", "POST")) == 1
    journey.stand_in.pay(first.redirect_url)
    journey.catch_up()
    third = services.start_gift(journey.request(submission=form))
    assert (third.gift_ref, third.redirect_url, third.state) == (first.gift_ref, "", "received")
    assert Gift.objects.count() == 1


def test_05_another_sum_from_the_same_form_closes_the_first_page(journey: Journey) -> None:
    form = b"f" * 32
    first = services.start_gift(journey.request(200_00, submission=form))
    second = services.start_gift(journey.request(500_00, submission=form))
    old, new = (Gift.objects.get(ref=ref) for ref in (first.gift_ref, second.gift_ref))
    assert (old.state, new.state) == ("expired", "pending")
    assert Attempt.objects.get(gift=old).state == "closed"
    sessions = {s["id"]: s["status"] for s in journey.stand_in.objects("checkout.session")}
    assert sorted(sessions.values()) == ["expired", "open"]


def test_05_a_changed_form_whose_first_page_was_paid_charges_no_more(journey: Journey) -> None:
    form = b"f" * 32
    first = services.start_gift(journey.request(200_00, submission=form))
    journey.stand_in.pay(first.redirect_url)
    second = services.start_gift(journey.request(500_00, submission=form))
    assert (second.gift_ref, second.state) == (first.gift_ref, "received")
    assert journey.thermometer() == (200_00, 1, 1)


def test_a_corrected_name_stays_with_the_gift_and_a_corrected_address_begins_anew(
    journey: Journey,
) -> None:
    form = b"f" * 32
    first = services.start_gift(journey.request(submission=form))
    renamed = replace(BJORN, name="Björn Åberg")
    second = services.start_gift(journey.request(submission=form, giver=renamed))
    assert second == first
    moved = replace(renamed, email="bjorn.aberg@example.org")
    third = services.start_gift(journey.request(submission=form, giver=moved))
    kept, new = (Gift.objects.get(ref=one.gift_ref) for one in (first, third))
    assert (kept.state, giver_of(kept.pk)) == ("expired", renamed)
    assert (new.state, giver_of(new.pk)) == ("pending", moved)


@pytest.mark.parametrize("act", ["lose", "lose_before"])
def test_06_a_lost_answer_is_asked_for_with_the_same_key(journey: Journey, act: str) -> None:
    form = b"f" * 32
    journey.stand_in.fault(act, count=2, path="/v1/checkout/sessions", method="POST")
    with pytest.raises(ProviderUnavailable):
        services.start_gift(journey.request(submission=form))
    assert Attempt.objects.get().state == "created"
    started = services.start_gift(journey.request(submission=form))
    calls = journey.stand_in.calls("/v1/checkout/sessions", "POST")
    assert len({call["idempotency_key"] for call in calls}) == 1
    assert len(journey.stand_in.objects("checkout.session")) == 1
    assert started.redirect_url == Attempt.objects.get().url


def test_06_a_saved_500_is_left_behind_with_its_key(journey: Journey) -> None:
    form = b"f" * 32
    journey.stand_in.fault("error_saved", path="/v1/checkout/sessions", method="POST", status=500)
    with pytest.raises(ProviderUnavailable):
        services.start_gift(journey.request(submission=form))
    started = services.start_gift(journey.request(submission=form))
    assert [a.state for a in Attempt.objects.order_by("number")] == ["closed", "open"]
    assert (Gift.objects.count(), started.state) == (1, "pending")


def test_a_copied_database_charges_nobody(journey: Journey, settings: Any) -> None:
    services.start_gift(journey.request())
    settings.MODE = "test"
    with pytest.raises(ProviderUnavailable, match="seal"):
        services.start_gift(journey.request())
    assert len(journey.stand_in.calls("/v1/checkout/sessions", "POST")) == 1


def test_what_was_typed_for_a_gift_that_never_came_is_forgotten(journey: Journey) -> None:
    from fundraise.providers.tasks import tidy

    kept = journey.given()
    gone = journey.start()
    journey.stand_in.expire_session(str(Attempt.objects.get(gift=gone).session_id))
    journey.catch_up()
    Gift.objects.update(created_at=clock.now() - timedelta(days=31))
    Attempt.objects.update(created_at=clock.now() - timedelta(days=31))
    tidy()
    assert giver_of(gone.pk) is None
    assert giver_of(kept.pk) == BJORN
    assert {bytes(a.request) for a in Attempt.objects.all()} == {b""}


def test_06_a_start_that_nobody_came_back_to_is_ended(journey: Journey) -> None:
    from fundraise.providers.tasks import sweep_attempts

    journey.stand_in.fault("lose", count=2, path="/v1/checkout/sessions", method="POST")
    with pytest.raises(ProviderUnavailable):
        services.start_gift(journey.request())
    Attempt.objects.update(created_at=clock.now() - timedelta(minutes=6))
    sweep_attempts()
    gift = Gift.objects.get()
    assert (gift.state, Attempt.objects.get().state) == ("expired", "closed")
    assert [s["status"] for s in journey.stand_in.objects("checkout.session")] == ["expired"]


def test_10_a_received_gift_leaves_no_open_page(journey: Journey) -> None:
    journey.given()
    assert [a.state for a in Attempt.objects.all()] == ["paid"]


def test_11_a_handler_that_crashes_half_way_is_worked_on_again(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey.give()
    paid = journey.events("payment_intent.succeeded")[0]

    def crash(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("fundraise.gifts.booking.post_journals", crash)
        journey.deliver(paid)
    event = ProviderEvent.objects.get()
    assert (event.state, event.tries, journey.thermometer()) == ("stored", 1, (0, 0, 0))
    assert Gift.objects.get().state == "pending"
    intake.process(event.pk)
    assert journey.thermometer() == (200_00, 1, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("livemode", True), ("api_version", "2020-08-27"), ("account", "acct_other")],
)
def test_12_another_mode_version_or_account_is_refused(
    journey: Journey, field: str, value: object
) -> None:
    journey.give()
    paid = {**journey.events("payment_intent.succeeded")[0], field: value}
    answer = journey.post(paid)
    assert answer.status_code == 400
    assert field in answer.json()["title"]
    assert ProviderEvent.objects.count() == 0
    assert journey.thermometer() == (0, 0, 0)
    assert Alarm.objects.filter(code="provider-message-refused").count() == 1


def test_13_an_unknown_type_is_stored_and_answered(journey: Journey) -> None:
    journey.deliver(journey.stand_in.send_event("tax.thing.invented", {"id": "x_1"}))
    assert ProviderEvent.objects.get().state == "ignored"


def test_13_an_event_of_an_unknown_gift_goes_to_suspense_with_an_alarm(journey: Journey) -> None:
    made = journey.stand_in.bulk([{"amount": 300_00, "metadata": {}}], events="none")[0]
    pull.pull(journey.account)
    assert journey.balance("suspense") == -300_00
    assert journey.thermometer() == (0, 0, 0)
    assert Alarm.objects.filter(code="provider-money-unplaced", subject=made["charge"]).count() == 1


@pytest.mark.parametrize("fault", ["secret", "old", "none", "forged", "changed"])
def test_15_a_message_that_is_not_stripes_is_refused(journey: Journey, fault: str) -> None:
    journey.give()
    body = json.dumps(journey.events("payment_intent.succeeded")[0])
    secret = "whsec_wrong" if fault == "secret" else WEBHOOK_SECRET
    sign = stripe.WebhookSignature.generate_signature_header
    long_ago = int(clock.real_now().timestamp()) - 86_400
    header = sign(body, secret, timestamp=long_ago) if fault == "old" else sign(body, secret)
    header = {"none": "", "forged": "t=1,v1=abc"}.get(fault, header)
    answer = journey.http.post(
        "/webhooks/stripe/demo",
        data=(body + " " if fault == "changed" else body).encode(),
        content_type="application/json",
        headers={"Stripe-Signature": header, "X-Webhook-Secret": secret},
    )
    assert (answer.status_code, ProviderEvent.objects.count()) == (400, 0)
    assert BJORN.name.encode() not in answer.content


def test_16_an_hour_of_500s_delays_and_loses_nothing(journey: Journey) -> None:
    gift = journey.give()
    events = journey.events()
    journey.stand_in.fault("error", count=500, status=500, path="/v1/", method="GET")
    journey.deliver(*events)
    journey.work()
    gift.refresh_from_db()
    assert gift.state == "pending"
    journey.stand_in.control("faults/clear")
    journey.work()
    gift.refresh_from_db()
    assert gift.state == "received"


def test_a_missed_event_is_found_by_the_nightly_pull(journey: Journey) -> None:
    gift = journey.give()
    journey.stand_in.wait()
    pull.pull(journey.account)
    gift.refresh_from_db()
    assert (gift.state, gift.fee_ore) == ("received", FEE_200)
    pull.pull(journey.account)
    assert journey.thermometer() == (200_00, 1, 1)


def test_an_expired_page_ends_the_gift_without_money(journey: Journey) -> None:
    gift = journey.start()
    session = Attempt.objects.get().session_id
    assert session is not None
    journey.stand_in.expire_session(session)
    journey.catch_up()
    gift.refresh_from_db()
    assert gift.state == "expired"


def test_a_refused_start_fails_the_gift_and_says_so(journey: Journey) -> None:
    with pytest.raises(ProviderUnavailable):
        services.start_gift(journey.request(100))  # below Stripe's smallest sum
    assert Gift.objects.get().state == "failed"


def test_what_stripe_said_is_kept_sealed(journey: Journey) -> None:
    journey.given()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(body, 'escape'), '') FROM providers_providerevent")
        raw = cursor.fetchone()[0]
    assert "payment_intent" not in raw
    assert "bjorn" not in raw


@pytest.mark.django_db(transaction=True)
def test_01_the_same_event_in_parallel_is_booked_once(stand_in: Any) -> None:
    journey = Journey(stand_in)
    journey.give()
    for event in journey.events():
        journey.post(event)
    waiting = list(ProviderEvent.objects.values_list("pk", flat=True))

    def work(pk: int) -> None:
        intake.process(pk)
        connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, waiting * 6))
    assert journey.thermometer() == (200_00, 1, 1)
    assert journey.balance("fees") == FEE_200
    assert Journal.objects.count() == 2
