"""What comes back keeps people from mail: at once, after three times, for good, or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from pytest_django.fixtures import Settings

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.jobs.models import Alarm
from mailings.mail_events import intake, people, taking
from mailings.suppressions import services as suppressions
from mailings.suppressions.models import Suppression
from tests.mailings.mailed import Mailed, mail_to, some_people
from tests.mailings.posts import bytes_of, event
from tests.people import CECILIA, NOON, make_campaign, make_party

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=5)


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign(make_party())


@pytest.fixture
def mailed(campaign: Campaign) -> Mailed:
    return mail_to(campaign, some_people(6))


def take(*said: Any) -> None:
    intake.store("main", bytes_of(said))
    assert taking.take_waiting()["failed"] == 0


def kept_away(mailed: Mailed) -> dict[int, tuple[str, str]]:
    keys = {bytes(message.email_key or b""): message.seq for message in mailed.messages}
    rows = Suppression.objects.filter(lifted_at=None)
    return {keys[bytes(row.email_key)]: (row.reason, row.scope) for row in rows}


def test_each_event_does_to_people_what_it_should(mailed: Mailed) -> None:
    bounce: dict[str, Any] = {"event": "bounce", "type": "bounce"}
    take(
        event("", mailed=mailed, seq=1, **bounce, bounce_classification="Invalid Address"),
        event("", mailed=mailed, seq=2, **bounce, bounce_classification="Content"),
        event("spamreport", mailed=mailed, seq=3),
        event("group_unsubscribe", mailed=mailed, seq=4),
        event("dropped", mailed=mailed, seq=5, reason="Spam Reporting Address"),
        event("deferred", mailed=mailed, seq=6),
        event("bounce", mailed=mailed, seq=6, type="blocked"),
    )

    assert kept_away(mailed) == {
        1: ("bounce", "all"),
        3: ("complaint", "appeals"),
        4: ("unsubscribed", "appeals"),
        5: ("complaint", "appeals"),
    }


def test_a_host_that_refuses_three_times_without_a_delivery_between_is_left_alone(
    campaign: Campaign,
) -> None:
    now = clock.now()
    mails = [mail_to(campaign, [(7, "a@b.se"), (8, "c@d.se")], title=str(n)) for n in range(4)]
    for mail in mails:
        type(mail.appeal).objects.filter(pk=mail.appeal.pk).update(started_at=now)
    days = [now - timedelta(days=day) for day in (20, 10, 5, 1)]
    for mail, at in zip(mails[:3], days, strict=False):
        take(event("bounce", mailed=mail, seq=1, type="blocked", at=at))
        take(event("bounce" if mail is not mails[1] else "delivered", mailed=mail, seq=2,
                   type="blocked", at=at))  # fmt: skip
    assert kept_away(mails[0]) == {1: ("blocked", "all")}

    take(event("bounce", mailed=mails[3], seq=2, type="blocked", at=days[3]))
    assert 2 not in kept_away(mails[0])


def test_an_event_told_again_after_the_address_was_let_in_does_not_shut_it_out(
    mailed: Mailed,
) -> None:
    said = event("bounce", mailed=mailed, seq=1, type="bounce")
    take(said)
    suppressions.lift(ref=Suppression.objects.get().ref, why="called us", by=CECILIA)

    take(said, {**said, "sg_event_id": "another"})
    assert kept_away(mailed) == {}

    take(event("bounce", mailed=mailed, seq=1, type="bounce", at=clock.now() + SOON))
    assert kept_away(mailed) == {1: ("bounce", "all")}


def test_content_that_is_refused_rings_about_the_appeal_and_touches_nobody(
    mailed: Mailed, settings: Settings
) -> None:
    settings.MAIL_REFUSED_ALARM = 2
    blocked: dict[str, Any] = {"type": "blocked", "bounce_classification": "Reputation"}
    take(event("bounce", mailed=mailed, seq=1, **blocked))
    assert not Alarm.objects.exists()

    take(event("bounce", mailed=mailed, seq=2, **blocked))

    assert Alarm.objects.get(code=people.REPUTATION).subject == str(mailed.appeal.ref)
    assert kept_away(mailed) == {}


def test_a_receipt_that_comes_back_keeps_the_address_from_appeals_too(mailed: Mailed) -> None:
    at = NOON + timedelta(days=1)
    with mock.patch.object(clock, "now", return_value=at):
        take(event("bounce", type="bounce", at=at, t="0" * 8 + "-0000-0000-0000-" + "0" * 12,
                   email=f"person{mailed.messages[0].donor_id}@example.org"))  # fmt: skip

    assert kept_away(mailed) == {1: ("bounce", "all")}


def test_a_scanner_changes_nothing_about_anybody(mailed: Mailed) -> None:
    seen: dict[str, Any] = {"useragent": "Mozilla/5.0 (compatible; Mimecast)", "ip": "91.220.42.9"}
    take(*[
        event(kind, mailed=mailed, seq=seq, url=f"https://ge.example/l/x/{link}", **seen)
        for kind in ("click", "open") for seq in range(1, 7) for link in (1, 2, 3)
    ])  # fmt: skip

    assert not Suppression.objects.exists()
