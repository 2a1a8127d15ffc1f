"""Kept posts are worked on: once, whole, in any order, and one bad event costs no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest

from fundraise import clock
from fundraise.jobs.models import Alarm
from mailings import transactional
from mailings.appeals.models import Batch, Fate
from mailings.mail_events import doubts, intake, people, taking, tasks
from mailings.mail_events.models import EventPost, MailEvent
from mailings.models import TransactionalMessage
from tests.mailings.mailed import Mailed, mail_to, some_people
from tests.mailings.posts import bytes_of, event
from tests.people import NOON, make_campaign, make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailed() -> Mailed:
    return mail_to(make_campaign(make_party()), some_people(4))


def take(*said: Any) -> dict[str, int]:
    intake.store("main", bytes_of(said))
    return taking.take_waiting()


def fate(mailed: Mailed, seq: int) -> Fate:
    return Fate.objects.get(appeal=mailed.appeal, seq=seq)


def test_events_become_the_fate_of_their_messages(mailed: Mailed) -> None:
    assert take(
        event("delivered", mailed=mailed, seq=1, at=NOON + timedelta(minutes=2)),
        event("processed", mailed=mailed, seq=1),
        event("deferred", mailed=mailed, seq=2),
        event("bounce", mailed=mailed, seq=3, type="bounce",
              bounce_classification="Invalid Address"),
        event("dropped", mailed=mailed, seq=4, reason="Bounced Address"),
    ) == {"posts": 1, "events": 5, "failed": 0}  # fmt: skip

    first = fate(mailed, 1)
    assert (first.processed_at, first.delivered_at) == (NOON, NOON + timedelta(minutes=2))
    assert fate(mailed, 2).deferred_at == NOON
    assert (fate(mailed, 3).bounced_at, fate(mailed, 3).bounce_class) == (NOON, "invalid")
    assert fate(mailed, 4).drop_reason == "bounced"
    post = EventPost.objects.get()
    assert (post.state, post.events, post.strange) == ("done", 5, 0)


def test_twins_under_new_ids_change_nothing(mailed: Mailed) -> None:
    said = event("delivered", mailed=mailed, seq=1)
    take(said)
    take(said, event("processed", mailed=mailed, seq=2))
    take({**said, "sg_event_id": "another"})

    assert MailEvent.objects.filter(kind="delivered").count() == 2
    assert fate(mailed, 1).delivered_at == NOON


def test_one_bad_event_costs_no_other_and_an_unknown_kind_is_kept(mailed: Mailed) -> None:
    take(
        "not an event",
        event("delivered", timestamp="yesterday"),
        event("delivered", mailed=mailed, seq=2, timestamp=99_999_999_999),
        event("account_status_change", mailed=mailed, seq=2),
        event("delivered", m="no token", email=7),
        event("delivered", mailed=mailed, seq=1),
    )

    assert fate(mailed, 1).delivered_at == NOON
    assert not Fate.objects.filter(seq=2).exists()
    assert MailEvent.objects.filter(kind="strange").count() == 4
    assert (EventPost.objects.get().events, EventPost.objects.get().strange) == (6, 4)


@pytest.mark.parametrize("body", [b"{}", b"no json", b"\xff\xfe", b""])
def test_a_post_that_is_no_list_is_parked_with_an_alarm_and_the_others_go_on(
    mailed: Mailed, body: bytes
) -> None:
    intake.store("main", body)
    assert take(event("delivered", mailed=mailed, seq=1)) == {"posts": 1, "events": 1, "failed": 1}

    parked = EventPost.objects.get(state="parked")
    assert Alarm.objects.get(code=taking.PARKED).subject == str(parked.pk)
    assert taking.retry_parked() == 1
    assert not Alarm.objects.filter(code=taking.PARKED, resolved_at=None).exists()


def test_whoever_dies_in_the_middle_leaves_everything_as_it_was(mailed: Mailed) -> None:
    said = [event("delivered", mailed=mailed, seq=seq) for seq in (1, 2, 3)]
    intake.store("main", bytes_of(said))
    with mock.patch.object(people, "act", side_effect=SystemExit), pytest.raises(SystemExit):
        taking.take_waiting()

    assert not Fate.objects.exists()
    assert not MailEvent.objects.exists()
    assert taking.take_waiting()["events"] == 3
    assert Fate.objects.count() == 3


def test_what_fails_waits_longer_each_time_and_is_parked_at_last(mailed: Mailed) -> None:
    intake.store("main", bytes_of([event("delivered", mailed=mailed, seq=1)]))
    with mock.patch.object(people, "act", side_effect=RuntimeError):
        for tries in range(1, taking.MOST_TRIES + 1):
            EventPost.objects.update(next_try_at=clock.real_now() - timedelta(seconds=1))
            assert taking.take_waiting()["failed"] == 1
            assert EventPost.objects.get().tries == tries

    assert EventPost.objects.get().state == "parked"
    taking.retry_parked()
    assert taking.take_waiting()["events"] == 1


def test_a_late_bounce_that_names_nothing_is_tied_to_the_last_mail_to_the_address() -> None:
    campaign = make_campaign(make_party())
    first = mail_to(campaign, [(7, "anna@example.org")])
    last = mail_to(campaign, [(7, "anna@example.org")], title="Sista dagen")
    type(last.batch).objects.filter(pk=last.batch.pk).update(posted_at=NOON + timedelta(days=2))
    now = NOON + timedelta(days=3)
    with mock.patch.object(clock, "now", return_value=now):
        take(
            event("bounce", email="Anna@Example.org", at=now, type="bounce"),
            event("bounce", email="eva@example.org", at=now, type="bounce"),
        )

    assert fate(last, 1).bounced_at == now
    assert not Fate.objects.filter(appeal=first.appeal).exists()


def test_links_that_name_the_appeal_alone_are_tied_by_address(mailed: Mailed) -> None:
    take(event("delivered", mailed=mailed, seq=0, email=some_address(mailed, 2)))

    assert fate(mailed, 2).delivered_at == NOON


def some_address(mailed: Mailed, seq: int) -> str:
    return f"person{mailed.messages[seq - 1].donor_id}@example.org"


def test_one_event_settles_the_doubt_about_its_whole_request() -> None:
    mailed = mail_to(make_campaign(make_party()), some_people(3), state="in_doubt")
    fence = str(mailed.batch.fence)
    take(event("open", mailed=mailed, seq=1, b=fence), event("processed", b="other"))
    assert Batch.objects.get().state == "in_doubt"

    take(event("dropped", mailed=mailed, seq=3, b=fence))

    assert (Batch.objects.get().state, Batch.objects.get().settled_by) == ("accepted", "event")


def test_an_event_settles_the_doubt_about_a_receipt(mailed: Mailed) -> None:
    row = transactional.prepare(
        "receipt", "r1", to="a@b.se", language="sv", subject="s", html="h", text="t"
    )
    TransactionalMessage.objects.filter(pk=row.pk).update(state="in_doubt")
    assert doubts.settle_mails() == 0

    take(event("processed", t=row.message_id.partition("@")[0], email="a@b.se"))

    assert doubts.settle_mails() == 1
    settled = TransactionalMessage.objects.get(pk=row.pk)
    assert (settled.state, settled.settled_by) == ("sent", doubts.BY)


def test_raw_posts_and_events_go_when_their_time_has_run_out(mailed: Mailed) -> None:
    take(event("delivered", mailed=mailed, seq=1, at=clock.now() - timedelta(days=500)))
    take(event("delivered", mailed=mailed, seq=2, at=clock.now()))
    EventPost.objects.filter(pk=EventPost.objects.earliest("pk").pk).update(keep_until=NOON.date())
    EventPost.objects.update(keep_until=(clock.real_now() - timedelta(days=1)).date())

    tasks.tidy()

    assert not EventPost.objects.exists()
    assert MailEvent.objects.count() == 1
    assert Fate.objects.count() == 2
