"""What an appeal brought: exact, live, each figure with the rows behind it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from donors.models import Donor
from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge
from mailings.appeals.models import Appeal
from mailings.appeals.services import fates
from mailings.appeals.services.fates import Fact, Judgement
from mailings.attribution import behind, counting, results
from mailings.attribution.results import Figures
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
