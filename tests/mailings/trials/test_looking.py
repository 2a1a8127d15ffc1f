"""A trial is looked at, and decided by kronor, by time, or by complaints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from donors.models import ContactPoint, Donor
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.jobs.models import Alarm
from fundraise.refs import new_ref
from mailings.appeals.choosing import Draw
from mailings.appeals.models import Appeal, Content, FateCount, Message, Trial, Variant, Wave
from mailings.appeals.services import trying
from mailings.attribution.models import GiftTouch
from mailings.trials import looking, planning
from mailings.trials.size import Usual
from tests.mailings.appeals import house
from tests.people import CECILIA

pytestmark = pytest.mark.django_db

PEOPLE = 80
Give = Callable[..., Gift]


@pytest.fixture
def campaign() -> Campaign:
    house.use_fake()
    return house.house()


@pytest.fixture
def trial(campaign: Campaign) -> Trial:
    """Two versions on all but a few people; sent."""
    house.people(PEOPLE)
    appeal = house.written(campaign, languages=["sv"])
    house.write(Variant.objects.create(appeal=appeal, letter="B"), "sv")
    usual = Usual(rate=0.3, mean_ore=200_00, variation=0.5)
    fall_evenly(appeal)
    trying.set_trial(appeal.ref, planning.terms(usual, PEOPLE, percent=90, hours=48), by=CECILIA)
    house.send_all(house.released(appeal))
    return Trial.objects.get()


def fall_evenly(appeal: Appeal) -> None:
    """Give the appeal a ref whose lots are about even: with so few people they now and then fall so
    that twenty givers against two decide nothing, and rightly so."""
    keys = [bytes(one.value_hash) for one in ContactPoint.objects.filter(kind="email")]
    shares = [(0, 1), (1, 1)]
    while not 36 <= sum(Draw(appeal, shares)(key)[1] for key in keys) <= 44:
        appeal.ref = new_ref()
    Appeal.objects.filter(pk=appeal.pk).update(ref=appeal.ref)


def contents(trial: Trial) -> dict[str, Content]:
    return {one.variant.letter: one for one in Content.objects.select_related("variant")}


def give(trial: Trial, letter: str, number: int, *, ore: int = 200_00) -> None:
    """So many more people who got this version give through its link."""
    content = contents(trial)[letter]
    given = GiftTouch.objects.values("donor_id")
    mailed = Message.objects.filter(appeal=trial.appeal, content_id=content.pk, outcome="")
    for message in mailed.exclude(donor_id__in=given)[:number]:
        gift = Gift.objects.create(
            entity=trial.appeal.campaign.entity, campaign=trial.appeal.campaign,
            donor=Donor.objects.get(pk=message.donor_id), state="received", channel="card",
            amount_ore=ore, created_at=clock.now(), received_at=clock.now(),
        )  # fmt: skip
        GiftTouch.objects.create(
            gift=gift, way="link", appeal=trial.appeal, seq=message.seq, content_id=content.pk,
            donor_id=message.donor_id,
        )  # fmt: skip


def looked_at(trial: Trial) -> Trial:
    looking.look_at_all()
    return Trial.objects.select_related("winner").get(pk=trial.pk)


def test_the_version_that_brings_more_wins_and_the_rest_is_prepared_with_it(trial: Trial) -> None:
    give(trial, "B", 20)
    give(trial, "A", 2)

    done = looked_at(trial)

    assert (done.state, done.winner and done.winner.letter) == ("won", "B")
    assert done.seen["givers"] == {"A": 2, "B": 20}
    assert done.seen["ore"]["B"] == 20 * 200_00
    assert Appeal.objects.get(pk=trial.pk).state == "preparing"


def test_an_even_race_waits_and_is_sent_evenly_when_its_hours_are_over(trial: Trial) -> None:
    give(trial, "A", 11)
    give(trial, "B", 12)

    assert looked_at(trial).state == "running"
    Wave.objects.filter(number=1).update(released_at=clock.real_now() - timedelta(hours=48))
    assert looked_at(trial).state == "even"


def test_a_giver_counts_once_and_one_large_gift_wins_nothing(trial: Trial) -> None:
    give(trial, "A", 1, ore=1_000_000_00)
    give(trial, "A", 12)
    give(trial, "B", 12)
    again = GiftTouch.objects.filter(content_id=contents(trial)["A"].pk).order_by("pk")[0]
    more = Gift.objects.get(pk=again.pk)
    more.pk, more.ref = None, new_ref()
    more.save(force_insert=True)
    again.pk = again.gift_id = more.pk
    again.save(force_insert=True)
    seen = looking.look(trial)

    assert len(seen.gifts) == 25
    assert seen.verdict is not None
    assert seen.verdict.winner == ""


def test_a_version_that_is_complained_of_is_stopped_and_the_other_goes_on(trial: Trial) -> None:
    for fact, messages in (("delivered", 50), ("complained", 5)):
        FateCount.objects.create(
            appeal=trial.appeal, content_id=contents(trial)["A"].pk, fact=fact,
            hour=clock.now().replace(minute=0, second=0, microsecond=0), messages=messages,
        )  # fmt: skip

    done = looked_at(trial)

    assert (done.stopped, done.state, done.winner and done.winner.letter) == (["A"], "won", "B")
    assert Alarm.objects.filter(code="trial-complaints").count() == 1


def test_a_broken_split_concludes_nothing(trial: Trial) -> None:
    assert looking._is_uneven({"A": 900, "B": 600}, {"A": 1, "B": 1})
    assert not looking._is_uneven({"A": 760, "B": 740}, {"A": 1, "B": 1})
    assert not looking._is_uneven({"A": 900, "B": 300}, {"A": 3, "B": 1})


# --- Before anything is sent ----------------------------------------------------------------------
def test_what_a_trial_can_show_is_said_before(campaign: Campaign) -> None:
    small = planning.outlook(None, 2_000, 50, 2)
    large = planning.outlook(Usual(0.05, 300_00), 400_000, 100, 2)

    assert (small.is_assumed, small.people_per_version, small.is_enough) == (True, 500, False)
    assert (large.is_assumed, large.is_enough) == (False, True)
    assert large.smallest_seen < 0.2 < small.smallest_seen


def test_what_appeals_usually_bring_is_read_from_the_last_ten(trial: Trial) -> None:
    assert planning.usual_of(trial.appeal.campaign) is None
    give(trial, "A", 10)
    give(trial, "B", 10, ore=400_00)
    looking.look_at_all()
    Wave.objects.filter(number=1).update(released_at=clock.real_now() - timedelta(hours=48))
    trying.decide(trial.pk, None)
    Appeal.objects.filter(pk=trial.pk).update(state="cancelled", ended_at=clock.now())

    usual = planning.usual_of(trial.appeal.campaign)

    assert usual is not None
    assert usual.mean_ore == 300_00
    assert round(usual.variation, 2) == 0.33
