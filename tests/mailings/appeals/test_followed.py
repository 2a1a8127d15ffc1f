"""Who is followed by links and opens, what nobody has heard of, and a campaign that is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from donors import services as donors
from donors.models import ConsentWording, Donor
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.jobs.models import Alarm
from mailings import tokens
from mailings.appeals.models import Batch, Fate, Message, Wave
from mailings.appeals.services import fates, watching, waves
from mailings.mail_events import arrivals, intake, taking
from mailings.mail_events.models import Arrival, MailEvent
from mailings.suppressions import wishes
from mailings.tokens import Purpose
from tests.mailings.appeals.house import Fake, people, released, released_before, send_all, written
from tests.mailings.posts import bytes_of, event
from tests.people import CECILIA

pytestmark = pytest.mark.django_db


def follows(donor: Donor) -> None:
    wording, _new = ConsentWording.objects.get_or_create(
        purpose="tracking",
        version=1,
        defaults={"text_sv": "Ja", "text_en": "Yes", "from_date": clock.today()},
    )
    donors.give_consent(
        donor_id=donor.pk, wording=wording, source="form", proof="form:1", by=CECILIA
    )


def no_more(donor: Donor) -> None:
    donors.withdraw_consent(donor_id=donor.pk, purpose="tracking", by=CECILIA)


def links() -> dict[str, int]:
    """Whose link names which message; 0: the appeal alone."""
    named = {}
    for request in Fake.requests:
        place = request.content.tags.index("m")
        for one in request.people:
            named[one.to] = tokens.read(one.values[place], Purpose.GIVE).seq
    return named


def test_who_takes_back_the_consent_to_be_followed_gets_the_appeals_own_link(
    campaign: Campaign,
) -> None:
    anna, bo, _cissi = people(3)
    for donor in (anna, bo):
        follows(donor)
    appeal = released(written(campaign))
    no_more(bo)
    send_all(appeal)
    seq = dict(Message.objects.values_list("donor_id", "seq"))
    assert links() == {
        "anna0@example.org": seq[anna.pk], "anna1@example.org": 0, "anna2@example.org": 0,
    }  # fmt: skip
    assert sorted(Fake.delivered.values()) == [1, 1, 1]


def test_what_the_carrier_measures_is_kept_of_those_who_agree_and_of_nobody_after(
    campaign: Campaign,
) -> None:
    anna, bo, _cissi = people(3)
    for donor in (anna, bo):
        follows(donor)
    appeal = released(written(campaign))
    send_all(appeal)
    seq = dict(Message.objects.values_list("donor_id", "seq"))
    no_more(bo)
    for one in seq.values():
        token = tokens.make(tokens.Token(Purpose.GIVE, appeal.pk, one))
        intake.store("main", bytes_of([event("open", m=token), event("delivered", m=token)]))
        arrivals.note_arrival(
            tokens.read(token, Purpose.GIVE), link=1, method="GET", headers={}, ip=""
        )
    taking.take_waiting()
    arrivals.judge_waiting()
    opened = MailEvent.objects.filter(kind="open").values_list("appeal_id", "seq")
    assert set(opened) == {(appeal.pk, seq[anna.pk]), (appeal.pk, None)}
    came = Arrival.objects.filter(seq=seq[bo.pk])
    assert (came.count(), Arrival.objects.filter(seq=0).count()) == (0, 1)
    assert Fate.objects.filter(human_open_at=None, machine_open_at=None).count() == 2
    assert Fate.objects.exclude(delivered_at=None).count() == 3
    assert not Fate.objects.filter(seq=seq[bo.pk]).exclude(human_click_at=None).exists()


def test_less_often_counts_from_when_a_mail_left(campaign: Campaign) -> None:
    anna, bo = people(2)
    for donor in (anna, bo):
        wishes.wish_for(donor_id=donor.pk, every_days=30, source="mail_choices", by=CECILIA)
    ago = timedelta(days=40)
    first = released_before(ago, campaign, first_wave=1)
    send_all(first)
    late = Message.objects.get(appeal=first, seq=2).donor_id
    early = Message.objects.get(appeal=first, seq=1)
    assert early.batch_id is not None
    Batch.objects.filter(pk=early.batch_id).update(posted_at=clock.now() - ago)
    second = released(written(campaign))
    found = dict(Message.objects.filter(appeal=second).values_list("donor_id", "outcome"))
    assert found == {early.donor_id: "", late: "capped"}


def test_a_wave_that_nobody_has_heard_of_waits_for_a_person_where_the_carrier_tells(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_NEXT_WAVE_MINUTES = 0
    people(12)
    appeal = released(written(campaign, first_wave=5))
    send_all(appeal)
    Fake.reports = True
    watching.watch()
    assert Wave.objects.filter(state="held").count() == Wave.objects.count() - 1
    assert Alarm.objects.get(code="appeal-unheard").resolved_at is None

    now = clock.real_now()
    fates.note([fates.Fact(appeal.pk, seq, "processed", now) for seq in range(1, 4)])
    watching.watch()
    assert Wave.objects.filter(state="released").count() == 2
    assert Alarm.objects.get(code="appeal-unheard").resolved_at is not None

    send_all(appeal)
    assert sorted(Fake.delivered.values()) == [1] * 12


def test_a_wave_goes_by_the_clock_where_the_carrier_never_tells_and_by_a_person_anyway(
    campaign: Campaign, settings: Any
) -> None:
    settings.APPEAL_NEXT_WAVE_MINUTES = 0
    people(12)
    told, silent = (released(written(campaign, first_wave=5, ignores_cap=True)) for _ in "ab")
    send_all(told)
    send_all(silent)
    assert waves.release_next(silent.pk)
    Fake.reports = True
    assert not waves.release_next(told.pk)
    held = Wave.objects.filter(appeal=told, state="held").earliest("number")
    assert waves.release_now(held.pk, by=CECILIA)
    assert not Alarm.objects.filter(code="appeal-unheard", resolved_at=None).exists()
