"""Named staff are told of large gifts, milestones and the week: once, without a donor."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.staff import services as staff
from mailings import transactional
from mailings.attribution import counting, telling
from mailings.attribution.errors import AttributionError
from mailings.attribution.models import StaffTask, Watcher
from mailings.models import TransactionalMessage
from tests.mailings.attribution.money import give
from tests.mailings.mailed import Mailed
from tests.people import CECILIA
from tests.pledging import House

pytestmark = pytest.mark.django_db
EVERYTHING: dict[str, Any] = {"large_gift_ore": 1_000_00, "milestones": True, "weekly": True}


@pytest.fixture
def cecilia(house: House) -> User:
    return comms("cecilia", house)


def comms(name: str, house: House) -> User:
    user = User.objects.create(username=name, email=f"{name}@party.example", is_active=True)
    staff.give_role(user=user, role="comms", entity=house.entity, by="staff:adam")
    return user


def told() -> list[tuple[str, str]]:
    return list(StaffTask.objects.order_by("pk").values_list("kind", "about"))


def test_a_large_gift_is_told_once_by_its_sum_and_nothing_about_who_gave(
    house: House, cecilia: User, anna: Donor
) -> None:
    telling.watch(campaign=house.campaign, user=cecilia, by=CECILIA, large_gift_ore=1_000_00)
    small, large = give(house.campaign, anna, ore=999_00), give(house.campaign, anna, ore=1_000_00)
    for gift in (small, large, large):
        telling.gift_received(gift.pk)

    assert told() == [("large_gift", str(large.ref))]
    mail = TransactionalMessage.objects.get(kind="staff-large_gift")
    words = transactional.words_of(mail)
    assert "1 000 kr" in words.replace("\u202f", " ")
    assert "Anna" not in words
    assert "anna" not in words
    task = StaffTask.objects.get()
    assert telling.done(task.ref, cecilia)
    assert not telling.done(task.ref, cecilia)


def test_each_milestone_is_told_once_also_when_money_goes_back_and_comes_again(
    house: House, cecilia: User
) -> None:
    Campaign.objects.update(goal_ore=1_000_00)
    telling.watch(campaign=house.campaign, user=cecilia, by=CECILIA, milestones=True)

    for ore in (240_00, 20_00, 300_00, 10_00):
        telling.gift_received(give(house.campaign, None, ore=ore).pk)

    assert told() == [("milestone", "25"), ("milestone", "50")]


def test_the_week_is_told_on_mondays_with_what_appeals_brought(
    house: House, cecilia: User, mailed: Mailed, anna: Donor
) -> None:
    telling.watch(campaign=house.campaign, user=cecilia, by=CECILIA, weekly=True)
    give(house.campaign, anna, mailed.token(1), 500_00)
    counting.count_left()
    house.go_to(date(2026, 11, 9))

    assert [telling.tell_weeks(), telling.tell_weeks()] == [1, 0]

    words = transactional.words_of(TransactionalMessage.objects.get(kind="staff-week"))
    words = words.replace("\u202f", " ")
    assert told() == [("week", "2026-W45")]
    assert "500 kr" in words
    assert "Sista veckan" in words
    assert "anna" not in words.lower()


def test_whoever_lost_the_right_is_told_nothing_more(house: House, cecilia: User) -> None:
    telling.watch(campaign=house.campaign, user=cecilia, by=CECILIA, **EVERYTHING)
    User.objects.filter(pk=cecilia.pk).update(is_active=False)

    telling.gift_received(give(house.campaign, None, ore=5_000_00).pk)

    assert (told(), telling.tell_weeks()) == ([], 0)


def test_only_staff_with_the_right_and_an_address_can_be_named(house: House, cecilia: User) -> None:
    eva = User.objects.create(username="eva", email="eva@party.example")
    User.objects.filter(pk=cecilia.pk).update(email="")
    cecilia.refresh_from_db()
    codes = []
    for user in (eva, cecilia):
        with pytest.raises(AttributionError) as error:
            telling.watch(campaign=house.campaign, user=user, by=CECILIA, weekly=True)
        codes.append(error.value.code)

    assert codes == ["no_right", "no_address"]
    assert not Watcher.objects.exists()
