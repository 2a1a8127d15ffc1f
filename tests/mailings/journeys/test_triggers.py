"""What sets a journey off, for any span of days, and whether its reason still holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.services import outcomes
from fundraise.pledges.services.outcomes import Failure
from mailings.journeys import holding, triggers
from mailings.journeys.models import Journey, Run
from mailings.journeys.triggers import CARD_WARNED_DAYS, Event, Span
from tests.mailings.journeys.lives import a_donor, at, gave
from tests.people import make_campaign, make_party
from tests.pledging import House, own_time

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
WEEK = Span(at(date(2026, 11, 14), 0), at(date(2026, 11, 21), 0))


@pytest.fixture
def house() -> Iterator[House]:
    with own_time(DAY) as house:
        house.open()
        yield house


def journey(house: House, trigger: str, **more: object) -> Journey:
    return Journey.objects.create(
        campaign=house.campaign, name="Resa", trigger=trigger, created_at=clock.now(),
        created_by="staff:1", **more,
    )  # fmt: skip


def found(house: House, trigger: str, span: Span = WEEK, **more: object) -> list[Event]:
    return triggers.found(journey(house, trigger, **more), span)


def test_welcome_is_for_the_first_gift_and_thanks_for_every_one_that_was_asked_for(
    house: House,
) -> None:
    anna, bo = a_donor("Anna"), a_donor("Bo")
    gave(house.campaign, anna, date(2026, 3, 1))
    again = gave(house.campaign, anna, DAY)
    first = gave(house.campaign, bo, DAY, hour=9)
    gave(house.campaign, bo, DAY, origin="pledge", hour=10)

    assert found(house, "welcome") == [Event(bo.pk, f"gift:{first.pk}", at(DAY, 9))]
    assert [event.occasion for event in found(house, "thanks")] == [
        f"gift:{first.pk}",
        f"gift:{again.pk}",
    ]


def test_what_another_legal_entity_was_given_sets_off_nothing(house: House) -> None:
    anna, bo = a_donor("Anna"), a_donor("Bo")
    district = make_campaign(make_party("distrikt"), "distriktet")
    Pledge.objects.filter(pk=house.active().pk).update(donor=bo, created_at=at(date(2025, 11, 18)))
    Mandate.objects.update(card_expires_on=DAY + timedelta(days=CARD_WARNED_DAYS))
    gave(house.campaign, anna, date(2025, 11, 18))
    gave(house.campaign, anna, DAY)
    gave(house.campaign, bo, date(2025, 11, 18))
    theirs = Journey.objects.create(
        campaign=district, name="Distriktets", trigger="thanks", created_at=clock.now(),
        created_by="staff:1",
    )  # fmt: skip
    for trigger in Journey.Trigger.values:
        theirs.trigger = trigger
        assert triggers.found(theirs, WEEK) == []
    own = journey(house, "thanks")
    seen = set()
    for trigger in Journey.Trigger.values:
        own.trigger = trigger
        seen |= {trigger} if triggers.found(own, WEEK) else set()
    assert seen == set(Journey.Trigger.values) - {"welcome", "missed"}
    # Her first gift to them is welcomed, though she has given to somebody else before.
    first = gave(district, anna, DAY, hour=13)
    theirs.trigger = "welcome"
    assert [event.occasion for event in triggers.found(theirs, WEEK)] == [f"gift:{first.pk}"]


def test_a_gift_given_once_sets_off_the_monthly_ask_only_without_a_monthly_gift(
    house: House,
) -> None:
    anna, bo = a_donor("Anna"), a_donor("Bo")
    Pledge.objects.filter(pk=house.sign_up().pk).update(donor=anna)
    gave(house.campaign, anna, DAY)
    gift = gave(house.campaign, bo, DAY)

    assert [event.occasion for event in found(house, "monthly")] == [f"gift:{gift.pk}"]


def test_lapsed_is_the_day_the_months_are_full_and_never_for_who_gave_since(house: House) -> None:
    anna, bo, cia = a_donor("Anna"), a_donor("Bo"), a_donor("Cia")
    quiet = gave(house.campaign, anna, date(2025, 11, 18))
    gave(house.campaign, bo, date(2025, 11, 18))
    gave(house.campaign, bo, date(2026, 2, 1))
    gave(house.campaign, cia, date(2025, 11, 1))

    assert found(house, "lapsed", months=12) == [
        Event(anna.pk, f"gift:{quiet.pk}", at(date(2026, 11, 18), 0))
    ]


def test_an_anniversary_is_the_day_of_the_first_gift_in_later_years(house: House) -> None:
    anna, bo = a_donor("Anna"), a_donor("Bo")
    gave(house.campaign, anna, date(2024, 11, 16))
    gave(house.campaign, anna, date(2025, 11, 18))
    gave(house.campaign, bo, date(2026, 11, 16))

    assert found(house, "anniversary") == [Event(anna.pk, "year:2026", at(date(2026, 11, 16), 0))]


def test_who_first_gave_on_leap_day_is_thanked_on_the_28th(house: House) -> None:
    anna = a_donor("Anna")
    gave(house.campaign, anna, date(2024, 2, 29))
    february = Span(at(date(2026, 2, 27), 0), at(date(2026, 3, 3), 0))

    assert [event.at for event in found(house, "anniversary", february)] == [
        at(date(2026, 2, 28), 0)
    ]


def test_a_missed_draw_sets_it_off_until_the_month_is_paid(house: House) -> None:
    anna = a_donor("Anna")
    pledge = house.active()
    Pledge.objects.filter(pk=pledge.pk).update(donor=anna)
    collection = house.send_next(pledge)
    outcomes.failed(collection.pk, Failure("1", event_id="e1"))
    month = collection.instalment
    now = clock.now() + timedelta(seconds=1)
    missed = journey(house, "missed")

    events = triggers.found(missed, Span(now - timedelta(days=1), now))
    assert [event.occasion for event in events] == [f"instalment:{month.pk}"]
    run = enter(missed, events[0])
    assert holding.still(missed, [run]) == {run.pk}

    type(month).objects.filter(pk=month.pk).update(state="paid")
    assert holding.still(missed, [run]) == set()


def test_nobody_is_thanked_for_a_gift_that_was_wholly_given_back(house: House) -> None:
    gift = gave(house.campaign, a_donor("Anna"), DAY)
    for trigger in ("thanks", "welcome", "monthly"):
        Gift.objects.filter(pk=gift.pk).update(refunded_ore=199_00)
        one = journey(house, trigger)
        run = enter(one, Event(gift.donor_id or 0, f"gift:{gift.pk}", clock.now()))
        assert holding.still(one, [run]) == {run.pk}
        Gift.objects.filter(pk=gift.pk).update(refunded_ore=200_00)
        assert holding.still(one, [run]) == set()


def test_a_card_that_runs_out_sets_it_off_thirty_days_before(house: House) -> None:
    anna = a_donor("Anna")
    pledge = house.active()
    Pledge.objects.filter(pk=pledge.pk).update(donor=anna)
    Mandate.objects.filter(pledge=pledge).update(
        method="card", card_expires_on=DAY + timedelta(days=28)
    )
    ending = journey(house, "ending")

    events = triggers.found(ending, WEEK)
    assert [event.at for event in events] == [at(date(2026, 11, 18), 0)]
    run = enter(ending, events[0])
    assert holding.still(ending, [run]) == {run.pk}
    Mandate.objects.filter(pledge=pledge).update(card_expires_on=date(2030, 1, 31))
    assert holding.still(ending, [run]) == set()


def test_a_sum_that_is_a_year_old_sets_off_the_ask_to_raise_it(house: House) -> None:
    anna = a_donor("Anna")
    pledge = house.active()
    Pledge.objects.filter(pk=pledge.pk).update(donor=anna, created_at=at(date(2025, 11, 17)))

    assert [event.occasion for event in found(house, "upgrade")] == [f"pledge:{pledge.pk}:2026"]


def enter(of: Journey, event: Event) -> Run:
    return Run.objects.create(
        journey=of, donor_id=event.donor_id, occasion=event.occasion, entered_at=event.at,
        next_at=event.at,
    )  # fmt: skip
