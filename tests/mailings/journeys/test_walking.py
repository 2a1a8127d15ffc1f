"""People enter, wait, are mailed once, and leave when the reason is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytest_django.fixtures import Settings

from donors import services as donors
from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.jobs.models import Alarm
from mailings import transactional
from mailings.appeals.models import Appeal, Content, Link, Message
from mailings.appeals.services import freezing, preparing, watching
from mailings.journeys import services, simulating
from mailings.journeys.models import Journey, Posted, Run
from mailings.journeys.services import JourneyError
from mailings.models import TransactionalMessage
from tests.mailings.appeals import house as sending
from tests.mailings.appeals.test_campaign_over import owner
from tests.mailings.journeys.lives import a_donor, at, gave
from tests.people import CECILIA
from tests.pledging import House, own_time

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)


@pytest.fixture
def house() -> Iterator[House]:
    with own_time(DAY) as house:
        sending.use_fake()
        house.open()
        yield house


@pytest.fixture
def campaign(house: House) -> Campaign:
    return house.campaign


def write(journey: Journey, step: int) -> None:
    """The words of a step, as the editor leaves them."""
    variant = journey.steps.get(number=step).pattern.variants.get()
    Content.objects.filter(variant=variant).delete()
    sending.write(variant)


def welcome(campaign: Campaign, *waits: int) -> Journey:
    made = services.new_journey(campaign, "welcome", "Välkommen", by=CECILIA)
    for number, days in enumerate(waits, 1):
        services.add_step(made, days, by=CECILIA)
        write(made, number)
    return made


def running(campaign: Campaign, *waits: int) -> Journey:
    made = welcome(campaign, *waits)
    services.switch_on(made, by=CECILIA)
    made.refresh_from_db()
    return made


def prepared_to(appeal: Appeal) -> list[int]:
    while preparing.prepare_next(appeal.pk):
        pass
    return list(Message.objects.filter(appeal=appeal).values_list("donor_id", flat=True))


def test_a_first_gift_is_welcomed_once_and_again_some_days_later(
    house: House, campaign: Campaign
) -> None:
    running(campaign, 0, 3)
    anna = a_donor("Anna")
    house.go_to(DAY, 11)
    gave(campaign, anna, DAY, hour=11)
    house.go_to(DAY, 12)

    assert services.work(clock.now()) == {"entered": 1, "posted": 1, "left": 0}
    assert services.work(clock.now()) == {"entered": 0, "posted": 0, "left": 0}
    first = Posted.objects.get().appeal
    assert (first.kind, first.state, first.frozen) == ("journey", "preparing", 1)
    assert prepared_to(first) == [anna.pk]
    assert freezing.freeze(first.pk) is False

    house.go_to(DAY + timedelta(days=3), 12)
    assert services.work(clock.now())["posted"] == 1
    assert Run.objects.get().state == "done"
    house.go_to(DAY + timedelta(days=4), 12)
    assert services.work(clock.now()) == {"entered": 0, "posted": 0, "left": 0}
    assert Posted.objects.values("appeal").distinct().count() == 2


def test_nobody_enters_for_what_happened_before_it_was_switched_on(campaign: Campaign) -> None:
    gave(campaign, a_donor("Anna"), DAY, hour=8)
    running(campaign, 0)

    assert services.work(clock.now())["entered"] == 0


def test_a_gift_on_the_way_ends_it_before_the_next_mail(house: House, campaign: Campaign) -> None:
    journey = services.new_journey(campaign, "lapsed", "Kom tillbaka", by=CECILIA)
    anna = a_donor("Anna")
    services.add_step(journey, 1, by=CECILIA)
    write(journey, 1)
    gave(campaign, anna, date(2025, 11, 21))
    services.switch_on(journey, by=CECILIA)
    house.go_to(DAY + timedelta(days=1), 9)
    assert services.work(clock.now())["entered"] == 1

    house.go_to(DAY + timedelta(days=1), 15)
    gave(campaign, anna, DAY + timedelta(days=1), hour=15)
    house.go_to(DAY + timedelta(days=2), 12)

    assert services.work(clock.now()) == {"entered": 0, "posted": 0, "left": 1}
    assert (Run.objects.get().left_for, Appeal.objects.exclude(state="draft").count()) == (
        "gift",
        0,
    )


def test_at_night_people_enter_and_nobody_is_mailed(house: House, campaign: Campaign) -> None:
    running(campaign, 0)
    house.go_to(DAY, 22)
    gave(campaign, a_donor("Anna"), DAY, hour=22)
    house.go_to(DAY, 23)

    assert services.work(clock.now()) == {"entered": 1, "posted": 0, "left": 0}
    house.go_to(DAY + timedelta(days=1), 9)
    assert services.work(clock.now())["posted"] == 1


def test_switched_off_it_stands_still_and_ended_everybody_leaves(
    house: House, campaign: Campaign
) -> None:
    journey = running(campaign, 2)
    house.go_to(DAY, 11)
    gave(campaign, a_donor("Anna"), DAY, hour=11)
    house.go_to(DAY, 12)
    services.work(clock.now())
    services.switch_off(journey, by=CECILIA)
    house.go_to(DAY + timedelta(days=3), 12)

    assert services.work(clock.now()) == {"entered": 0, "posted": 0, "left": 0}
    services.end(journey, by=CECILIA)
    assert Run.objects.get().left_for == "stopped"
    with pytest.raises(JourneyError, match="ended"):
        services.switch_on(journey, by=CECILIA)
    assert list(
        ChangeLine.objects.filter(subject_ref=str(journey.ref)).values_list("action", flat=True)
    ) == ["journey.made", "journey.changed", "journey.changed", "journey.changed"]


def test_it_is_not_switched_on_without_words_nor_changed_while_it_runs(
    campaign: Campaign, settings: Settings
) -> None:
    journey = services.new_journey(campaign, "welcome", "Välkommen", by=CECILIA)
    with pytest.raises(JourneyError, match="no_steps"):
        services.switch_on(journey, by=CECILIA)
    services.add_step(journey, 0, by=CECILIA)
    with pytest.raises(JourneyError, match="words:1"):
        services.switch_on(journey, by=CECILIA)
    write(journey, 1)
    Content.objects.update(from_email="")
    with pytest.raises(JourneyError, match="sender:1"):
        services.switch_on(journey, by=CECILIA)
    Content.objects.update(from_email="hej@party.example")
    settings.LIVE = True
    with pytest.raises(JourneyError, match="sender:1"):  # of nobody's list
        services.switch_on(journey, by=CECILIA)
    settings.LIVE = False
    services.switch_on(journey, by=CECILIA)

    with pytest.raises(JourneyError, match="on"):
        services.add_step(journey, 3, by=CECILIA)
    with pytest.raises(JourneyError, match="on"):
        services.set_waits(journey, [3], by=CECILIA)


def test_who_has_no_legal_basis_is_named_and_gets_nothing(house: House, campaign: Campaign) -> None:
    running(campaign, 0)
    anna = a_donor("Anna")
    donors.object_to(donor_id=anna.pk, purpose="appeals", source="phone", by=CECILIA)
    house.go_to(DAY, 11)
    gave(campaign, anna, DAY, hour=11)
    house.go_to(DAY, 12)
    services.work(clock.now())

    assert prepared_to(Posted.objects.get().appeal) == [anna.pk]
    assert Message.objects.get().outcome == "no_basis"


def test_last_month_is_simulated_without_writing_anything(house: House, campaign: Campaign) -> None:
    journey = welcome(campaign, 0, 3)
    journey.exit_on_gift = True
    anna, bo = a_donor("Anna"), a_donor("Bo")
    gave(campaign, anna, date(2026, 11, 3))
    gave(campaign, anna, date(2026, 11, 4))
    gave(campaign, bo, date(2026, 11, 10))
    lines = ChangeLine.objects.count()

    result = simulating.simulate(journey, at(DAY))

    assert (result.entered, result.left_by_gift) == (2, 1)
    assert dict(result.mailed) == {1: 2, 2: 1}
    assert result.by_day[date(2026, 11, 13)] == 1
    assert (Run.objects.count(), ChangeLine.objects.count()) == (0, lines)


def test_a_mail_that_asks_for_a_campaign_that_is_over_is_skipped_with_the_reason(
    house: House, campaign: Campaign
) -> None:
    journey = welcome(campaign, 0, 2)  # the first gives thanks, the second asks
    first = Content.objects.filter(variant__appeal=journey.steps.get(number=1).pattern_id)
    first.update(tags=["first_name", "m", "u"])
    Link.objects.filter(content__in=first).update(target="https://party.example/tack/")
    services.switch_on(journey, by=CECILIA)
    Journey.objects.update(created_by=f"staff:{owner(campaign).pk}")
    house.go_to(DAY, 11)
    gave(campaign, a_donor("Anna"), DAY, hour=11)
    campaigns.update_campaign(campaign.pk, by=CECILIA, status="closed")
    house.go_to(DAY, 12)
    assert services.work(clock.now()) == {"entered": 1, "posted": 1, "left": 0}
    ringing = Alarm.objects.filter(code="journey-campaign-over", resolved_at=None)
    assert [alarm.subject for alarm in ringing] == [str(journey.ref)]
    words = transactional.words_of(TransactionalMessage.objects.get(kind="journey-campaign-over"))
    assert f"/staff/journeys/{journey.ref}/" in words

    house.go_to(DAY + timedelta(days=3), 12)
    assert services.work(clock.now()) == {"entered": 0, "posted": 0, "left": 1}
    assert TransactionalMessage.objects.filter(kind="journey-campaign-over").count() == 1
    assert (Run.objects.get().left_for, Posted.objects.count()) == ("closed", 1)
    services.switch_off(journey, by=CECILIA)
    with pytest.raises(JourneyError, match="closed:2"):
        services.switch_on(journey, by=CECILIA)
    assert Journey.objects.get().state == "off"
    services.work(clock.now())
    assert not ringing.all().exists()


def test_a_mail_under_way_when_its_campaign_closes_is_sent_to_nobody_by_name(
    house: House, campaign: Campaign
) -> None:
    running(campaign, 0)
    house.go_to(DAY, 11)
    anna = sending.person(1)
    gave(campaign, anna, DAY, hour=11)
    house.go_to(DAY, 12)
    services.work(clock.now())
    carrying = Posted.objects.get().appeal
    assert prepared_to(carrying) == [anna.pk]
    preparing.prepared(carrying.pk)
    campaigns.update_campaign(campaign.pk, by=CECILIA, status="closed")

    assert watching.watch()["campaign_over"] == 1
    carrying.refresh_from_db()
    assert (carrying.state, Message.objects.get().outcome) == ("cancelled", "cancelled")
    assert sending.Fake.requests == []
