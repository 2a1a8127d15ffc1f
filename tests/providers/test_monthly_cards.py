"""Monthly gifts by card: the first one saves the card, the next ones are drawn once each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Collection, Instalment, Notice, Pledge
from fundraise.pledges.services.starting import NewPledge
from fundraise.providers import (
    charging,
    kept_cards,
    pausing,
    pull,
    recurring,
    services,
)
from fundraise.providers.models import Attempt, KeptCard
from tests.journey import BJORN
from tests.providers.monthly import ANNA, Monthly
from tests.stripe_stand_in import CARD_3DS, CARD_DECLINED

FEE_200 = 200_00 * 15 // 1000 + 275


# --- The first gift -------------------------------------------------------------------------------
def test_the_first_gift_saves_the_card_and_makes_the_pledge_active(monthly: Monthly) -> None:
    monthly.on(date(2026, 11, 5))
    pledge = monthly.pledge()
    card, first = monthly.card(pledge), pledge.instalments.earliest("period")
    assert (pledge.state, card.state, card.account_hint) == ("active", "active", "Visa 4242")
    assert (card.card_expires_on, card.signature.way) == (date(2034, 12, 31), "card")
    assert (first.period, first.state) == (date(2026, 11, 1), "paid")
    assert first.collections.get().gift == Gift.objects.get()
    assert monthly.next_due(pledge).due_on == date(2026, 12, 28)  # the 27th is a Sunday
    assert monthly.gifts() == [("card", 200_00)]
    assert monthly.journey.thermometer() == (200_00, 1, 1)
    assert KeptCard.objects.get().account == monthly.journey.account


def test_declined_and_then_asked_by_the_bank_the_first_gift_is_paid_in_the_end(
    monthly: Monthly,
) -> None:
    pledge = monthly.wish()
    page = services.start_pledge_card(pledge, ANNA).redirect_url
    monthly.journey.stand_in.pay(page, CARD_DECLINED)
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    assert (pledge.state, pledge.mandates.count()) == ("unconfirmed", 0)
    monthly.journey.stand_in.pay(page, CARD_3DS)
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    assert (pledge.state, pledge.mandates.count()) == ("active", 1)


def test_every_message_twice_and_the_last_first_make_one_card_and_one_gift(
    monthly: Monthly,
) -> None:
    pledge = monthly.wish()
    monthly.begin(pledge)
    told = monthly.journey.events()
    monthly.journey.deliver(*reversed(told))
    for event in told:
        event["id"] += "_again"
    monthly.journey.deliver(*told)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.mandates.count(), pledge.instalments.count()) == ("active", 1, 1)
    assert monthly.gifts() == [("card", 200_00)]


@pytest.mark.parametrize("how", ["return", "pull"])
def test_without_any_message_the_return_or_the_night_finds_gift_and_card(
    monthly: Monthly, how: str
) -> None:
    pledge = monthly.wish()
    monthly.begin(pledge)
    monthly.journey.stand_in.wait()
    if how == "return":
        services.check_gift(Gift.objects.get().ref)
    else:
        assert pull.pull(monthly.journey.account)[1] == 0
    pledge.refresh_from_db()
    assert (pledge.state, monthly.card(pledge).account_hint) == ("active", "Visa 4242")


def test_the_same_pledge_twice_goes_on_with_its_page(monthly: Monthly) -> None:
    pledge = monthly.wish(submission=b"f" * 32)
    first = services.start_pledge_card(pledge, ANNA)
    assert services.start_pledge_card(pledge, ANNA) == first
    assert len(monthly.journey.stand_in.objects("checkout.session")) == 1
    assert Attempt.objects.get().pledge == pledge


def test_a_form_that_asked_once_and_then_monthly_never_mixes_the_two(monthly: Monthly) -> None:
    form = b"f" * 32
    journey = monthly.journey
    once = services.start_gift(journey.request(200_00, submission=form, giver=ANNA))
    pledge = monthly.wish(submission=form)
    first = services.start_pledge_card(pledge, ANNA)
    again = services.start_gift(journey.request(200_00, submission=form, giver=ANNA))
    pages = {one["id"]: one["status"] for one in journey.stand_in.objects("checkout.session")}
    assert sorted(pages.values()) == ["expired", "expired", "open"]
    journey.stand_in.pay(again.redirect_url)
    journey.catch_up()
    pledge.refresh_from_db()
    assert len({once.gift_ref, first.gift_ref, again.gift_ref}) == 3
    assert (pledge.state, pledge.mandates.count()) == ("unconfirmed", 0)


def test_a_card_of_a_pledge_that_somebody_disowned_is_not_drawn_on(monthly: Monthly) -> None:
    from fundraise.pledges.services import starting

    pledge = monthly.wish()
    monthly.begin(pledge)
    starting.disown(pledge.pk)
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    assert (pledge.state, pledge.mandates.count()) == ("ended", 0)
    assert monthly.gifts() == [("card", 200_00)]


def test_a_monthly_gift_whose_first_payment_never_came_ends_after_a_week(monthly: Monthly) -> None:
    pledge = monthly.wish()
    services.start_pledge_card(pledge, ANNA)
    assert kept_cards.end_unpaid() == 0
    monthly.on(clock.today() + timedelta(days=8))
    assert kept_cards.end_unpaid() == 0  # its page may still be open
    Attempt.objects.update(state="closed")
    assert kept_cards.end_unpaid() == 1
    pledge.refresh_from_db()
    assert (pledge.state, pledge.end_reason) == ("ended", "not_paid")


@pytest.mark.parametrize(
    ("begun", "day", "then"),
    [
        (date(2026, 11, 30), 1, date(2027, 1, 4)),
        (date(2026, 11, 30), 28, date(2026, 12, 28)),
        (date(2026, 11, 30), 31, date(2026, 12, 30)),
        (date(2027, 1, 31), 31, date(2027, 2, 26)),
        (date(2027, 1, 31), 1, date(2027, 3, 1)),
        (date(2026, 11, 5), 27, date(2026, 12, 28)),
        (date(2026, 12, 18), 1, date(2027, 2, 1)),
    ],
)
def test_09_begun_late_in_a_month_it_is_not_drawn_again_a_few_days_later(
    monthly: Monthly, begun: date, day: int, then: date
) -> None:
    monthly.on(begun)
    pledge = monthly.pledge(day=day)
    assert monthly.next_due(pledge).due_on == then
    monthly.on(then - timedelta(days=1))
    assert charging.due(clock.today()) == []
    draw = monthly.draw(pledge)
    assert (draw.state, draw.due_on, len(monthly.gifts())) == ("paid", then, 2)


def test_the_slot_begins_it_once_for_a_form_and_anew_for_other_words(monthly: Monthly) -> None:
    form = b"f" * 32
    new = NewPledge(monthly.journey.campaign, 200_00, 27, ANNA, method="card", submission=form)
    first = recurring.start(new)
    assert recurring.start(new) == first
    other = recurring.start(replace(new, amount_ore=300_00))
    assert (first.pledge_id != other.pledge_id, first.redirect_url != other.redirect_url) == (
        True,
        True,
    )
    shown = [one["status"] for one in monthly.journey.stand_in.objects("checkout.session")]
    assert sorted(shown) == ["expired", "open"]
    monthly.journey.stand_in.pay(other.redirect_url)
    gift_page = recurring.start(replace(new, amount_ore=300_00)).redirect_url
    monthly.journey.catch_up()
    assert gift_page == other.redirect_url or gift_page.startswith("/gava/")
    states = list(Pledge.objects.order_by("pk").values_list("state", "amount_ore"))
    assert states == [("ended", 200_00), ("active", 300_00)]
    assert monthly.gifts() == [("card", 300_00)]


def test_the_slot_is_shut_without_an_account_or_while_staff_have_closed_cards(
    monthly: Monthly,
) -> None:
    party = monthly.journey.party.pk
    assert recurring.ways(party) == ["card"]
    pausing.pause(None, reason="attack", by="staff:david")
    assert recurring.missing(party)["card"] == ["paused"]
    pausing.resume(None, by="staff:david")
    monthly.journey.account.is_active = False
    monthly.journey.account.save()
    assert recurring.missing(party)["card"] == ["account"]


# --- The next gifts -------------------------------------------------------------------------------
def test_each_month_is_drawn_on_its_day_once_and_booked_with_its_fee(monthly: Monthly) -> None:
    monthly.on(date(2026, 11, 5))
    pledge = monthly.pledge()
    draw = monthly.draw(pledge)
    monthly.journey.catch_up()
    assert (draw.state, draw.instalment.state) == ("paid", "paid")
    assert monthly.gifts() == [("card", 200_00), ("card", 200_00)]
    assert set(Gift.objects.values_list("card_country", flat=True)) == {"US"}, "as Stripe's 4242"
    assert monthly.journey.balance("fees") == 2 * FEE_200
    assert monthly.journey.thermometer() == (400_00, 2, 1)
    intent = monthly.intents(pledge)[0]
    assert intent["metadata"] == {"collection": str(draw.ref), "pledge": str(pledge.ref)}
    asked = monthly.journey.stand_in.calls("/v1/payment_intents", "POST")
    assert [call["idempotency_key"] for call in asked] == [f"collection-{draw.ref}"]
    charging.charge(draw.pk)
    assert charging.due(clock.today()) == []
    assert len(monthly.intents(pledge)) == 1


def test_messages_before_the_answer_is_worked_on_or_never_change_nothing(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    monthly.draw(pledge)
    told = monthly.journey.events("payment_intent.succeeded")
    monthly.journey.deliver(*reversed(told), *told)
    assert pull.pull(monthly.journey.account)[1] == 0
    assert monthly.journey.thermometer() == (400_00, 2, 1)
    assert monthly.journey.balance("suspense") == 0


def test_what_is_queued_is_not_drawn_once_the_donor_has_stopped(monthly: Monthly) -> None:
    from fundraise.pledges.services import changing

    pledge = monthly.pledge()
    monthly.on(monthly.next_due(pledge).due_on)
    [pk] = charging.due(clock.today())
    changing.stop(pledge.pk, changing.wish())
    assert charging.charge(pk) is False
    assert charging.due(clock.today()) == []
    assert monthly.intents(pledge) == []
    assert Collection.objects.get(pk=pk).state == "cancelled"


def test_while_staff_have_closed_card_gifts_nothing_is_drawn_and_then_it_is(
    monthly: Monthly,
) -> None:
    pledge = monthly.pledge()
    monthly.on(monthly.next_due(pledge).due_on)
    pausing.pause(None, reason="attack", by="staff:david")
    [pk] = charging.due(clock.today())
    assert charging.charge(pk) is False
    assert Collection.objects.get(pk=pk).state == "queued"
    pausing.resume(None, by="staff:david")
    assert charging.charge(pk) is True
    assert len(monthly.intents(pledge)) == 1


def test_too_late_a_draw_is_let_go_and_its_month_with_it(monthly: Monthly) -> None:
    from fundraise.pledges.services import planning

    pledge = monthly.pledge()
    due = monthly.next_due(pledge)
    monthly.on(due.due_on)
    charging.due(clock.today())
    monthly.on(due.due_on + timedelta(days=4))
    planning.let_go_late(clock.now())
    assert charging.due(clock.today() + timedelta(days=0)) == [Collection.objects.latest("pk").pk]


# --- Declines -------------------------------------------------------------------------------------
def decline(monthly: Monthly, pledge: Pledge, code: str, decline_code: str | None = None) -> None:
    """From now on the saved card declines."""
    monthly.journey.stand_in.decline_from_now(
        monthly.card(pledge).method_ref, code=code, decline_code=decline_code
    )


def test_no_money_on_the_card_is_tried_once_more_announced(monthly: Monthly) -> None:
    monthly.on(date(2026, 11, 5))
    pledge = monthly.pledge(day=1)
    decline(monthly, pledge, "card_declined", "insufficient_funds")
    draw = monthly.draw(pledge)
    row = draw.instalment
    assert (draw.state, draw.reason, row.state) == ("failed", "insufficient_funds", "planned")
    assert row.retried
    assert Notice.objects.filter(kind="retry", first_on=row.due_on).exists()
    monthly.journey.catch_up()  # the same no as a message
    Notice.objects.filter(kind="retry").update(sent_at=clock.now())
    again = monthly.draw(pledge)
    assert (again.pk != draw.pk, again.number, again.state) == (True, 2, "failed")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("missed", "insufficient_funds")
    pledge.refresh_from_db()
    assert pledge.state == "active"


@pytest.mark.parametrize("code", ["lost_card", "stolen_card", "pickup_card"])
def test_a_lost_card_stops_the_draws_until_there_is_another(monthly: Monthly, code: str) -> None:
    pledge = monthly.pledge()
    decline(monthly, pledge, "card_declined", code)
    draw = monthly.draw(pledge)
    pledge.refresh_from_db()
    assert (draw.reason, draw.instalment.state, pledge.state) == (code, "missed", "halted")
    assert pledge.transitions.get(to_state="halted").reason == code
    monthly.on(clock.today() + timedelta(days=40))
    assert charging.due(clock.today()) == []


def test_an_owner_who_told_the_bank_to_stop_has_stopped(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    decline(monthly, pledge, "card_declined", "revocation_of_authorization")
    monthly.draw(pledge)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.end_reason) == ("ended", "bank")
    assert monthly.card(pledge).state == "ended"
    assert not Instalment.objects.filter(pledge=pledge, state="planned").exists()


def test_a_card_that_the_provider_keeps_no_more_halts_its_pledge(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    client = monthly.journey.stand_in.client()
    client.v1.payment_methods.detach(monthly.card(pledge).method_ref)
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    assert (pledge.state, monthly.card(pledge).state) == ("halted", "ended")


def test_a_card_taken_off_without_a_message_halts_at_the_draw(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    client = monthly.journey.stand_in.client()
    client.v1.payment_methods.detach(monthly.card(pledge).method_ref)
    draw = monthly.draw(pledge)
    pledge.refresh_from_db()
    assert (draw.state, pledge.state) == ("failed", "halted")


def test_one_off_givers_beside_it_have_no_customer_at_the_provider(monthly: Monthly) -> None:
    monthly.journey.given(giver=BJORN)
    assert monthly.journey.stand_in.objects("customer") == []
    monthly.pledge()
    assert len(monthly.journey.stand_in.objects("customer")) == 1
