"""What is promised is what the pledges will still give in the campaign's days."""

from __future__ import annotations

from datetime import date

from fundraise import clock
from fundraise.pledges import promise
from fundraise.pledges.services import changing
from fundraise.pledges.services.changing import wish
from tests.pledging import House, pay


def test_promised_is_counted_to_the_last_day_and_shrinks_as_it_is_drawn(house: House) -> None:
    pledge = house.active(ore=200_00, day=28)  # the campaign ends on 31 August 2027
    assert promise.promised_ore(house.campaign, clock.today()) == 10 * 200_00
    pay(house.send_next(pledge))
    assert promise.promised_ore(house.campaign, clock.today()) == 9 * 200_00
    assert promise.reckon(clock.today()) == 1
    house.campaign.thermometer.refresh_from_db()
    assert house.campaign.thermometer.promised_ore == 9 * 200_00
    assert house.campaign.thermometer.received_ore == 200_00
    assert house.campaign.thermometer.forecast_ore == 10 * 200_00
    changing.stop(pledge.pk, wish())
    assert promise.promised_ore(house.campaign, clock.today()) == 0


def test_a_pause_and_an_end_are_no_promise(house: House) -> None:
    pledge = house.active(ore=100_00, day=28)
    changing.pause(pledge.pk, date(2027, 3, 2), wish())
    assert promise.promised_ore(house.campaign, clock.today()) == 6 * 100_00
    pledge.refresh_from_db()
    pledge.ends_on = date(2027, 4, 30)
    pledge.save()
    assert promise.promised_ore(house.campaign, clock.today()) == 2 * 100_00


def test_who_waits_for_the_bank_has_promised_nothing_yet(house: House) -> None:
    house.sign_up()
    house.beat()
    assert promise.promised_ore(house.campaign, clock.today()) == 0
