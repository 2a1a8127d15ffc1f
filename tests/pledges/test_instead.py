"""A month given once by card or Swish instead: nobody pays a month twice."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from fundraise import bankdays
from fundraise.gifts.models import Gift
from fundraise.pledges import queries
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Collection, Instalment, Pledge
from fundraise.pledges.services import changing, instead, outcomes
from fundraise.pledges.services.changing import wish
from fundraise.pledges.services.outcomes import Failure
from tests.pledging import House, begin_instead, pay, receive


def with_new_try(house: House) -> tuple[Pledge, Instalment]:
    """A monthly gift whose draw lacked money: one new try waits."""
    pledge = house.active(day=15)
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    outcomes.failed(draw.pk, Failure("1", may_retry=True))
    house.tell()
    return pledge, pledge.instalments.get(pk=draw.instalment_id)


def test_a_gift_that_comes_leaves_out_the_new_try_once(house: House) -> None:
    pledge, month = with_new_try(house)
    assert queries.to_make_good(pledge.pk, month.due_on) == month
    gift = begin_instead(pledge, month)
    assert not instead.tie(month.ref, gift.ref)  # the double click
    month.refresh_from_db()
    assert month.state == "planned"  # no money yet
    assert receive(gift)
    assert not receive(gift)  # told twice
    month.refresh_from_db()
    assert (month.state, month.reason) == ("skipped", "instead")
    change = pledge.changes.get()
    assert change.after == {"period": month.period.isoformat(), "instead": True}
    house.go_to(bankdays.add(month.due_on, -2))
    house.beat()
    assert house.send() == []
    with pytest.raises(PledgeError, match="nothing_to_skip"):
        changing.unskip(pledge.pk, month.period, wish())
    assert queries.to_make_good(pledge.pk, month.period) is None


def test_a_gift_that_fails_leaves_the_new_try(house: House) -> None:
    pledge, month = with_new_try(house)
    gift = begin_instead(pledge, month)
    Gift.objects.filter(pk=gift.pk).update(state="failed")
    assert queries.to_make_good(pledge.pk, month.period) == month
    house.go_to(bankdays.add(month.due_on, -2))
    house.beat()
    assert [draw.instalment_id for draw in house.send()] == [month.pk]


def test_a_new_try_at_the_bank_is_cancelled_and_stays_so(house: House) -> None:
    pledge, month = with_new_try(house)
    gift = begin_instead(pledge, month)
    house.go_to(bankdays.add(month.due_on, -2))
    house.beat()
    draw = house.send()[0]
    assert receive(gift)
    assert not instead.settle(gift.pk)
    draw.refresh_from_db()
    assert (draw.state, draw.cancel_for) == ("cancelling", "instead")
    until = bankdays.add(month.due_on, 20)
    changing.pause(pledge.pk, until, wish())  # does not turn it into a pause that is resumed
    outcomes.cancelled(draw.pk, "12")
    month.refresh_from_db()
    assert (month.state, month.reason) == ("skipped", "instead")
    assert pledge.changes.filter(kind="skip").count() == 1


def test_a_new_try_past_the_cut_off_is_drawn_as_a_gift_of_its_own(house: House) -> None:
    pledge, month = with_new_try(house)
    gift = begin_instead(pledge, month)
    house.go_to(bankdays.add(month.due_on, -2))
    house.beat()
    draw = house.send()[0]
    house.go_to(month.due_on)
    assert not receive(gift)
    assert pay(draw)
    month.refresh_from_db()
    assert (month.state, Collection.objects.filter(state="surplus").count()) == ("paid", 0)


def test_a_missed_month_stays_missed_and_is_made_good(house: House) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    outcomes.failed(draw.pk, Failure("1"))
    month = draw.instalment
    assert queries.to_make_good(pledge.pk, month.due_on) == month
    assert not receive(begin_instead(pledge, month))
    month.refresh_from_db()
    assert month.state == "missed"
    assert queries.made_good().get().instalment == month
    assert queries.to_make_good(pledge.pk, month.due_on) is None


def test_the_fact_that_a_gift_came_leaves_out_the_new_try(house: House) -> None:
    pledge, month = with_new_try(house)
    gift = begin_instead(pledge, month)
    for told in settings.OUTBOX_SUBSCRIBERS["GiftReceived"]:
        if told.startswith("fundraise.pledges."):
            import_string(told)(gift.pk)
    month.refresh_from_db()
    assert month.reason == "instead"
