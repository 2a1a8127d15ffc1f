"""What an appeal brought: exact, live, each figure with the rows behind it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from math import sqrt

import pytest

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge
from mailings.appeals.models import Appeal, Message
from mailings.appeals.services import fates
from mailings.appeals.services.fates import Fact, Judgement
from mailings.attribution import added, behind, counting, results, touching
from mailings.attribution.added import Added, Part
from mailings.attribution.results import Figures
from mailings.attribution.touching import FirstTouch
from mailings.mail_events.models import Arrival
from tests.mailings.attribution.money import give, left
from tests.mailings.mailed import Mailed, mail_to, some_people
from tests.people import CECILIA
from tests.pledging import House, pay

pytestmark = pytest.mark.django_db


def happened(mailed: Mailed) -> None:
    """Anna's mail was delivered and followed, the other came back."""
    at, appeal = clock.now(), mailed.appeal.pk
    fates.note([Fact(appeal, 1, "delivered", at), Fact(appeal, 2, "bounced", at, "invalid")])
    fates.judge([Judgement(appeal, 1, human_click_at=at, click_confidence="high")])
    Arrival.objects.create(appeal_id=appeal, seq=0, link=1, at=at, beacon=True)


def test_an_appeals_figures_are_exact_and_a_refund_takes_its_kronor_back(
    mailed: Mailed, anna: Donor, house: House
) -> None:
    happened(mailed)
    pledge = house.active(150_00)
    Pledge.objects.update(donor=anna, reference=mailed.token(1))
    counting.count_pledges([pledge.pk])
    pay(house.send_next(pledge))
    give(house.campaign, anna, mailed.token(1), 500_00)
    back = give(house.campaign, None, mailed.token(2), 300_00)
    counting.count_left()
    Gift.objects.filter(pk=back.pk).update(refunded_ore=100_00)

    found = results.result(mailed.appeal)

    expected = Figures(
        mails=2, received_ore=850_00, gifts=3, givers=2, new_monthly=1, monthly_going_on=1,
        promised_month_ore=150_00, monthly_given_ore=150_00, delivered=1, human_clicks=1, bounced=1,
    )  # fmt: skip
    assert found.total == expected
    assert found.versions == {"A": expected}
    assert found.total.per_mail_ore == 425_00
    assert (found.clicks_by_confidence, found.unnamed_visits) == ({"high": 1}, 1)
    assert found.left_out == {}


def test_every_figure_has_the_rows_behind_it(mailed: Mailed, anna: Donor, house: House) -> None:
    happened(mailed)
    give(house.campaign, anna, mailed.token(1))
    give(house.campaign, anna, mailed.token(2))
    counting.count_left()
    found = results.result(mailed.appeal).total

    for one in fields(Figures):
        rows = behind.rows(mailed.appeal, one.name)
        if one.name.endswith("_ore"):
            continue
        counted = {row.donor_id for row in rows} if one.name == "givers" else list(rows)
        assert len(counted) == getattr(found, one.name), one.name
    assert sum(g.standing_ore for g in behind.rows(mailed.appeal, "received_ore")) == 400_00
    assert not behind.rows(mailed.appeal, "left_out").exists()
    with pytest.raises(KeyError):
        behind.rows(mailed.appeal, "donor")


def test_the_median_is_of_the_ten_appeals_before(mailed: Mailed, house: House) -> None:
    for number in range(12):
        past = left(mail_to(house.campaign, some_people(number + 1), title=str(number)),
                    days=40 + number)  # fmt: skip
        give(house.campaign, None, past.token(0), (number + 1) * 100_00)
    assert counting.count_left() == 12
    letter = Appeal.objects.create(
        campaign=house.campaign, title="Brev", kind="letter", created_at=clock.now(),
        created_by=CECILIA,
    )  # fmt: skip
    assert results.medians(letter) == {}

    middle = results.medians(mailed.appeal)

    assert middle["appeals"] == 10
    assert (middle["received_ore"], middle["mails"], middle["per_mail_ore"]) == (550_00, 5, 100_00)


def test_a_campaign_tells_what_each_appeal_brought_and_the_hours_when(
    mailed: Mailed, anna: Donor, house: House
) -> None:
    other = left(mail_to(house.campaign, some_people(1), title="Sista"), days=1)
    give(house.campaign, None, other.token(0), 900_00)
    give(house.campaign, anna, mailed.token(1), 100_00)
    counting.count_left()
    happened(mailed)

    told = [(appeal.title, figures.received_ore) for appeal, figures in
            results.of_campaign(house.campaign)]  # fmt: skip
    hours = results.by_hour(mailed.appeal)

    assert told == [("Sista", 900_00), ("Sista veckan", 100_00)]
    assert [(one.gifts, one.received_ore) for one in hours] == [(1, 100_00)]
    assert hours[0].facts == {"delivered": 1, "bounced": 1, "human_click": 1}


def test_the_first_touch_is_told_beside_the_last(mailed: Mailed, anna: Donor, house: House) -> None:
    early = left(mail_to(house.campaign, [(anna.pk, "anna@example.se")], title="Först"), days=9)
    gift = give(house.campaign, anna, mailed.token(1), 500_00)
    counting.count_left()
    Gift.objects.filter(pk=gift.pk).update(refunded_ore=100_00)

    told = touching.of(gift)

    assert told is not None
    assert (told.appeal, told.first_appeal, told.way) == (mailed.appeal, early.appeal, "link")
    assert touching.first_touch(early.appeal) == FirstTouch(1, 400_00)
    assert list(touching.first_gifts(early.appeal)) == [gift]
    assert touching.first_touch(mailed.appeal) == FirstTouch(0, 0)
    assert results.result(early.appeal).total.received_ore == 0


def test_what_an_appeal_added_is_what_those_asked_gave_more_than_those_left_out(
    mailed: Mailed, anna: Donor, house: House
) -> None:
    assert added.added(mailed.appeal) is None
    give(house.campaign, anna, ore=700_00)  # before the list was frozen
    house.go_to(date(2026, 11, 5), 10)  # three days after the list was frozen
    people = [(anna.pk, "anna@example.se"), (10**9, "b@c.se")]
    asked = left(mail_to(house.campaign, people, holdout=20), days=1).appeal
    appeal = Appeal.objects.select_related("campaign").get(pk=asked.pk)
    assert added.added(appeal) is None  # the lot fell on nobody
    other = donors.register_donor(
        name=PersonName("Ej", "Frågad"), language="sv", source="staff", by=CECILIA
    )  # fmt: skip
    some_out = Message(appeal=appeal, seq=9, donor_id=other.pk, outcome="no_basis")
    held = Message(appeal=appeal, seq=10, donor_id=anna.pk + 10**6, outcome="holdout")
    Message.objects.bulk_create([some_out, held])
    Message.objects.filter(appeal=appeal, seq=2).update(outcome="gave")  # was asked all the same
    mine = give(house.campaign, anna, ore=500_00)
    give(house.campaign, other, ore=900_00)  # had no ground to be asked: in neither part

    found = added.added(appeal)

    assert found is not None
    assert (found.asked, found.held) == (Part(2, 1, 500_00, 500_00.0**2), Part(1))
    assert (found.each_ore, found.total_ore) == (250_00, 500_00)
    assert (found.says_something, found.may_be_chance, found.is_over) == (False, True, False)
    assert list(added.gifts_of(appeal, held=False)) == [mine]
    assert not added.gifts_of(appeal, held=True).exists()


def test_how_sure_a_difference_is_follows_from_how_unlike_people_gave() -> None:
    asked, held = Part(10_000, 400, 200_000_00, 400 * 500_00.0**2), Part(1_000, 10, 5_000_00)
    found = Added(asked, held, clock.now(), is_over=True)

    assert (round(found.each_ore), found.total_ore) == (15_00, 150_000_00)
    assert round(found.margin_ore) == round(1.96 * sqrt((1_000_000_00 - 20_00**2) / 9_999))
    assert found.says_something
    assert not found.may_be_chance
