"""A stop, a file and a bank's answer at the same moment: whoever is second sees the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from fundraise import bankdays, clock
from fundraise.pledges.models import Collection, Pledge
from fundraise.pledges.services import changing, drawing, ending, mandates
from fundraise.pledges.services.changing import wish
from fundraise.pledges.services.mandates import Said
from tests.pledging import House, own_time, pay
from tests.proofs import differing


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    with own_time() as made:
        made.open()
        yield made
        assert differing() == []


def at_once(*acts: Callable[[], object]) -> None:
    def alone(act: Callable[[], object]) -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        list(threads.map(alone, acts))


def send(house: House) -> None:
    """As a file is made: gathered under lock and marked in one transaction."""
    until = bankdays.add(clock.today(), 2)
    drawing.queue(house.entity.pk, "autogiro", today=clock.today(), until=until)
    with transaction.atomic():
        found = drawing.sendable(house.entity.pk, "autogiro", until=until)
        pledges = Pledge.objects.filter(instalments__collections__in=found).order_by("pk")
        list(pledges.select_for_update(no_key=True))
        drawing.mark_sent(list(found.values_list("pk", flat=True)), clock.now())


def test_a_stop_and_a_file_at_once_leave_no_draw_after_the_stop(house: House) -> None:
    made = [house.active() for _ in range(6)]
    row = made[0].instalments.order_by("due_on")[0]
    house.go_to(bankdays.add(row.due_on, -2))
    stops = [lambda pk=one.pk: changing.stop(pk, wish()) for one in made]
    at_once(lambda: send(house), *stops, lambda: send(house))
    assert not Pledge.objects.exclude(state="ended").exists()
    draws = Collection.objects.all()
    assert {draw.state for draw in draws} <= {"cancelled", "cancelling"}
    assert all(d.mandate.state == "ending" for d in draws.select_related("mandate"))


def test_the_same_money_told_twice_at_once_is_one_gift(house: House) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    at_once(*[lambda: pay(draw)] * 4)
    house.campaign.thermometer.refresh_from_db()
    assert house.campaign.thermometer.received_ore == draw.amount_ore


def test_a_yes_to_a_new_account_and_a_file_at_once_draw_on_one_of_them(house: House) -> None:
    pledge = house.active()
    old = pledge.mandates.get()
    new = house.another_account(pledge)
    row = pledge.instalments.order_by("due_on")[0]
    house.go_to(bankdays.add(row.due_on, -2))
    at_once(lambda: mandates.approved(new.pk, Said("04+32")), lambda: send(house))
    send(house)
    draw = Collection.objects.exclude(state="cancelled").get()
    old.refresh_from_db()
    assert draw.mandate_id in {old.pk, new.pk}
    assert old.state == ("retiring" if draw.mandate_id == old.pk else "ending")


def test_an_unsigned_sign_up_ends_after_a_month_and_is_forgotten(house: House) -> None:
    pledge = house.unsigned()
    house.go_to(clock.today() + timedelta(days=31))
    assert ending.end_unsigned() == 1
    pledge.refresh_from_db()
    assert (pledge.state, pledge.end_reason) == ("ended", "unsigned")
    house.go_to(clock.today() + timedelta(days=31))
    assert ending.forget_details() == 1
    assert ending.forget_details() == 0
    assert pledge.mandates.get().account_sealed is None
    assert Pledge.objects.get().details.sealed is None
