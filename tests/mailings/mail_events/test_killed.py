"""A parser that is killed at any step loses no event and does nothing twice."""

from __future__ import annotations

from unittest import mock

import pytest

from mailings.appeals import counting
from mailings.appeals.models import Fate
from mailings.mail_events import intake, taking
from mailings.mail_events.models import EventPost, MailEvent
from mailings.suppressions.models import Suppression
from tests import killing
from tests.mailings.mailed import mail_to, some_people
from tests.mailings.posts import bytes_of, event
from tests.people import make_campaign, make_party

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]
STEPS = (
    "mailings.mail_events.tying.tie",
    "mailings.appeals.services.fates.note_from",
    "mailings.mail_events.people.act",
    "mailings.mail_events.doubts.settle_batches",
    "mailings.mail_events.taking._finish",
)


def test_killed_at_every_step_it_loses_nothing_and_does_nothing_twice() -> None:
    mailed = mail_to(make_campaign(make_party()), some_people(40))
    for first in range(1, 41, 10):
        said = [event("delivered", mailed=mailed, seq=seq) for seq in range(first, first + 9)]
        said.append(event("bounce", mailed=mailed, seq=first + 9, type="bounce"))
        intake.store("demo", bytes_of(said))

    for step in STEPS:
        with mock.patch(step, side_effect=lambda *_args: killing.die()):
            killing.in_a_process_that_dies(taking.take_waiting)
        assert not Fate.objects.exists()
        assert not Suppression.objects.exists()
    assert taking.take_waiting() == {"posts": 4, "events": 40, "failed": 0}

    assert counting.counts(mailed.appeal.pk) == {"delivered": 36, "bounced": 4}
    assert (MailEvent.objects.count(), Suppression.objects.count()) == (40, 4)
    assert not EventPost.objects.exclude(state="done").exists()
