"""Draws on saved cards whose answer was lost, whose worker died, or that two workers saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from fundraise import clock
from fundraise.jobs.models import Alarm
from fundraise.pledges.models import Collection, Pledge
from fundraise.pledges.services import changing
from fundraise.providers import card_pages, charging
from fundraise.providers.base import ProviderError, ProviderUnavailable
from fundraise.providers.stripe.provider import StripeProvider
from fundraise.providers.tasks import sweep_draws
from tests.journey import Journey
from tests.proofs import differing
from tests.providers.monthly import Monthly
from tests.stripe_stand_in import StripeStandIn

INTENTS = "/v1/payment_intents"


def fault(monthly: Monthly, act: str, count: int = 2, **more: Any) -> None:
    """The next calls that draw go wrong; the package itself sends each once more."""
    monthly.journey.stand_in.fault(act, count=count, path=INTENTS, method="POST", **more)


def keys(monthly: Monthly) -> list[str]:
    calls = monthly.journey.stand_in.calls(INTENTS, "POST")
    return [call["idempotency_key"] for call in calls]


def paid_once(monthly: Monthly, pledge: Pledge) -> None:
    """One charge at the provider, one gift of it here, one paid draw."""
    charged = [one for one in monthly.intents(pledge) if one["status"] == "succeeded"]
    assert len(charged) == 1
    monthly.journey.catch_up()
    assert monthly.gifts() == [("card", 200_00), ("card", 200_00)]
    states = Collection.objects.filter(instalment__pledge=pledge, state="paid")
    assert states.count() == 2


def test_06_an_answer_that_was_lost_after_the_charge_is_found_not_repeated(
    monthly: Monthly,
) -> None:
    pledge = monthly.pledge()
    fault(monthly, "lose")
    draw = monthly.draw(pledge)
    assert draw.state == "doubt"
    assert charging.unknown() == []  # an answer may still be on its way
    monthly.on(clock.today())
    Collection.objects.filter(pk=draw.pk).update(sent_at=clock.now() - timedelta(minutes=6))
    assert charging.unknown() == [draw.pk]
    assert charging.find_out(draw.pk) is True
    assert len(set(keys(monthly))) == 1
    paid_once(monthly, pledge)


def test_06_a_call_that_never_arrived_is_sent_again_with_the_same_key(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    fault(monthly, "lose_before")
    draw = monthly.draw(pledge)
    assert (draw.state, monthly.intents(pledge)) == ("doubt", [])
    assert charging.find_out(draw.pk) is True
    assert set(keys(monthly)) == {f"collection-{draw.ref}"}
    paid_once(monthly, pledge)


def test_06_a_fault_that_is_answered_though_the_draw_was_made_is_found(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    fault(monthly, "error_after", count=1)
    draw = monthly.draw(pledge)
    assert draw.state == "doubt"
    assert charging.find_out(draw.pk) is True
    paid_once(monthly, pledge)


def test_06_a_saved_fault_is_asked_about_for_23_hours_and_then_drawn_anew_once(
    monthly: Monthly,
) -> None:
    pledge = monthly.pledge()
    fault(monthly, "error_saved", count=1)
    draw = monthly.draw(pledge)
    assert draw.state == "doubt"
    assert charging.find_out(draw.pk) is False  # the key replays the fault
    draw.refresh_from_db()
    assert (draw.state, monthly.intents(pledge)) == ("doubt", [])
    Collection.objects.filter(pk=draw.pk).update(sent_at=clock.now() - timedelta(hours=24))
    assert charging.find_out(draw.pk) is True
    [again] = charging.due(clock.today())
    charging.charge(again)
    draw.refresh_from_db()
    assert (draw.state, draw.reason) == ("cancelled", "never_made")
    assert len(set(keys(monthly))) == 2
    paid_once(monthly, pledge)


def test_after_23_hours_a_draw_that_is_found_is_not_made_again(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    fault(monthly, "lose")
    draw = monthly.draw(pledge)
    Collection.objects.filter(pk=draw.pk).update(sent_at=clock.now() - timedelta(hours=30))
    assert charging.find_out(draw.pk) is True
    assert charging.due(clock.today()) == []
    paid_once(monthly, pledge)


def test_a_decline_whose_answer_was_lost_is_a_decline(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    method = monthly.card(pledge).method_ref
    monthly.journey.stand_in.decline_from_now(method, decline_code="lost_card")
    fault(monthly, "lose")
    draw = monthly.draw(pledge)
    assert draw.state == "doubt"
    assert charging.find_out(draw.pk) is True
    draw.refresh_from_db()
    pledge.refresh_from_db()
    assert (draw.state, draw.reason, pledge.state) == ("failed", "lost_card", "halted")


def test_a_message_settles_a_draw_in_doubt_before_anybody_asks(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    fault(monthly, "lose")
    draw = monthly.draw(pledge)
    monthly.journey.catch_up()
    draw.refresh_from_db()
    assert draw.state == "paid"
    assert charging.find_out(draw.pk) is False
    paid_once(monthly, pledge)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_around_the_call_draws_once(
    monthly: Monthly, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    class Killed(BaseException):
        pass

    pledge = monthly.pledge()
    real = StripeProvider.charge

    def dies(self: StripeProvider, *args: Any) -> Any:
        if when == "after":
            real(self, *args)
        raise Killed

    monkeypatch.setattr(StripeProvider, "charge", dies)
    with pytest.raises(Killed):
        monthly.draw(pledge)
    monkeypatch.setattr(StripeProvider, "charge", real)
    draw = Collection.objects.latest("pk")
    assert draw.state == "sent"
    assert charging.due(clock.today()) == []
    assert charging.charge(draw.pk) is False
    assert charging.find_out(draw.pk) is (when == "after")  # before: it may still be on its way
    its_task_was_ended(draw)
    assert charging.find_out(draw.pk) is (when == "before")
    paid_once(monthly, pledge)


def its_task_was_ended(draw: Collection) -> None:
    """The worker that had it is past its time limit."""
    Collection.objects.filter(pk=draw.pk).update(asked_at=clock.real_now() - timedelta(minutes=16))


@pytest.mark.parametrize(("wish", "left"), [("stop", "cancelled"), ("pause", "skipped")])
def test_a_draw_that_never_arrived_is_not_sent_again_after_a_stop_or_a_pause(
    monthly: Monthly, wish: str, left: str
) -> None:
    pledge = monthly.pledge()
    fault(monthly, "lose_before")
    draw = monthly.draw(pledge)
    if wish == "stop":
        changing.stop(pledge.pk, changing.wish())
    else:
        changing.pause(pledge.pk, clock.today() + timedelta(days=90), changing.wish())
    assert charging.find_out(draw.pk) is True
    draw.refresh_from_db()
    draw.instalment.refresh_from_db()
    assert (draw.state, draw.instalment.state) == ("cancelled", left)
    assert charging.due(clock.today()) == []
    assert (monthly.intents(pledge), monthly.gifts()) == ([], [("card", 200_00)])


def test_a_stop_while_the_provider_is_asked_is_not_overtaken_by_the_second_call(
    monthly: Monthly, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge = monthly.pledge()
    fault(monthly, "lose_before")
    draw = monthly.draw(pledge)
    real = StripeProvider.find_charge

    def stopped_meanwhile(self: StripeProvider, *args: Any, **more: Any) -> Any:
        found = real(self, *args, **more)
        changing.stop(pledge.pk, changing.wish())
        return found

    monkeypatch.setattr(StripeProvider, "find_charge", stopped_meanwhile)
    assert charging.find_out(draw.pk) is True
    draw.refresh_from_db()
    assert (draw.state, draw.reason, monthly.intents(pledge)) == ("cancelled", "never_made", [])


def test_a_stopped_draw_is_not_called_never_made_while_its_worker_may_be_on_its_way(
    monthly: Monthly, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge = monthly.pledge()
    real, seen = StripeProvider.charge, []

    def slow(self: StripeProvider, *args: Any) -> Any:
        changing.stop(pledge.pk, changing.wish())
        draw = Collection.objects.latest("pk")
        seen.append((charging.find_out(draw.pk), Collection.objects.get(pk=draw.pk).state))
        return real(self, *args)

    monkeypatch.setattr(StripeProvider, "charge", slow)
    draw = monthly.draw(pledge)
    assert seen == [(False, "sent")]
    assert (draw.state, draw.asked_at) == ("paid", None)
    paid_once(monthly, pledge)


def test_a_draw_that_did_arrive_before_the_stop_is_booked_as_what_it_is(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    fault(monthly, "lose")
    draw = monthly.draw(pledge)
    changing.stop(pledge.pk, changing.wish())
    assert charging.find_out(draw.pk) is True
    draw.refresh_from_db()
    assert draw.state == "paid"
    assert monthly.gifts() == [("card", 200_00), ("card", 200_00)]


def test_a_draw_that_never_arrived_waits_its_23_hours_when_the_card_was_replaced(
    monthly: Monthly,
) -> None:
    pledge = monthly.pledge()
    fault(monthly, "lose_before")
    draw = monthly.draw(pledge)
    page = card_pages.replace_card(pledge.pk, language="sv")
    monthly.journey.stand_in.pay(page.url, "5555555555554444")
    monthly.journey.catch_up()
    assert charging.find_out(draw.pk) is False
    assert monthly.intents(pledge) == []
    Collection.objects.filter(pk=draw.pk).update(sent_at=clock.now() - timedelta(hours=24))
    assert charging.find_out(draw.pk) is True
    [again] = charging.due(clock.today())
    charging.charge(again)
    assert Collection.objects.get(pk=again).mandate.account_hint == "Mastercard 4444"
    paid_once(monthly, pledge)


def test_draws_that_nobody_answers_for_hours_ring_until_all_are_known(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    fault(monthly, "lose")
    draw = monthly.draw(pledge)
    assert charging.ring() == 0
    Collection.objects.filter(pk=draw.pk).update(sent_at=clock.now() - timedelta(hours=3))
    monthly.journey.stand_in.fault("error", count=4, path=INTENTS, method="GET")
    sweep_draws()
    assert Alarm.objects.filter(code="card-draw-doubt", resolved_at=None).count() == 1
    monthly.journey.stand_in.control("faults/clear")
    sweep_draws()
    assert Alarm.objects.filter(code="card-draw-doubt", resolved_at=None).count() == 0
    paid_once(monthly, pledge)


def test_a_key_that_the_provider_refuses_rings_and_draws_later(
    monthly: Monthly, settings: Any
) -> None:
    pledge = monthly.pledge()
    good = settings.STRIPE_SECRET_KEY
    settings.STRIPE_SECRET_KEY = "sk_test_of_somebody_else"
    draw = monthly.draw(pledge)
    assert draw.state == "doubt"
    assert Alarm.objects.filter(code="card-draw-refused", resolved_at=None).count() == 1
    with pytest.raises(ProviderError):
        charging.find_out(draw.pk)
    settings.STRIPE_SECRET_KEY = good
    assert charging.find_out(draw.pk) is True
    assert Alarm.objects.filter(code="card-draw-refused", resolved_at=None).count() == 0
    paid_once(monthly, pledge)


def test_a_copied_database_draws_nothing(monthly: Monthly, monkeypatch: pytest.MonkeyPatch) -> None:
    from fundraise import seal

    pledge = monthly.pledge()
    monthly.on(monthly.next_due(pledge).due_on)
    [pk] = charging.due(clock.today())

    def broken() -> None:
        raise seal.SealBroken("another house")

    monkeypatch.setattr(seal, "check", broken)
    with pytest.raises(ProviderUnavailable):
        charging.charge(pk)
    assert monthly.intents(pledge) == []
    assert Collection.objects.get(pk=pk).state == "queued"


@pytest.fixture
def live(transactional_db: None, stand_in: StripeStandIn, settings: Any) -> Iterator[Monthly]:
    """The same party, with real commits that other threads see."""
    yield Monthly(Journey(stand_in), settings)
    assert differing() == []


def test_workers_that_take_the_same_draw_at_once_draw_once(live: Monthly) -> None:
    one, two = live.pledge(), live.pledge()
    live.on(live.next_due(one).due_on)
    waiting = charging.due(clock.today())

    def work(pk: int) -> bool:
        try:
            return charging.charge(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        drawn = list(workers.map(work, waiting * 4))
    live.journey.catch_up()
    assert (len(waiting), sum(drawn)) == (2, 2)
    assert [len(live.intents(pledge)) for pledge in (one, two)] == [1, 1]
    assert live.gifts() == [("card", 200_00)] * 4


def test_a_stop_and_a_draw_at_once_never_draw_after_the_stop(live: Monthly) -> None:
    made = [live.pledge() for _ in range(4)]
    live.on(live.next_due(made[0]).due_on)
    waiting = charging.due(clock.today())

    def act(what: Callable[[], object]) -> None:
        try:
            what()
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [partial(charging.charge, pk) for pk in waiting]
    asked = changing.wish()  # reaches us before any draw is sent, and is written down beside them
    acts += [partial(changing.stop, pledge.pk, asked) for pledge in made]
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(act, acts))
    live.journey.catch_up()
    for pledge in made:
        pledge.refresh_from_db()
        draw = Collection.objects.filter(instalment__pledge=pledge).latest("pk")
        stopped = pledge.changes.get(kind="stop").made_at
        assert pledge.state == "ended"
        assert draw.state in {"paid", "cancelled"}
        assert draw.sent_at is None or draw.sent_at <= stopped
        assert len(live.intents(pledge)) == (0 if draw.state == "cancelled" else 1)
