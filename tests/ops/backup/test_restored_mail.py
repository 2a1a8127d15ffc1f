"""What was on its way when a backup was taken leaves only when somebody says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fundraise import clock, seal
from fundraise.ops.backup import restore
from mailings.appeals.models import Appeal
from mailings.appeals.services import restoring, scheduling, watching
from mailings.appeals.services.sending import send_next
from mailings.journeys import ready
from mailings.journeys.models import Journey, Run
from tests.mailings.appeals.house import Fake, people, released, use_fake, written
from tests.ops.backup.house import back_up, empty_database, furnish, looking_at
from tests.people import CECILIA, make_campaign, make_party

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_appeal_and_a_journey_that_waited_go_on_only_when_somebody_says_so(
    tmp_path: Path, settings: Settings
) -> None:
    furnish()
    settings.APPEAL_QUIET_FROM = settings.APPEAL_QUIET_UNTIL = 0
    use_fake()
    campaign = make_campaign(make_party("parti"), "valet-2")
    people(2)
    sending = released(written(campaign, first_wave=1))
    later = scheduling.schedule(written(campaign).ref, local_time="", by=CECILIA)
    journey = ready.new_ready(campaign, "welcome", "Välkommen", by=CECILIA)
    Journey.objects.update(state="on", since=clock.now())
    due, not_due = (
        Run.objects.create(
            journey=journey, donor_id=n, occasion=f"gift:{n}", entered_at=clock.now(),
            next_at=clock.now() + timedelta(hours=hours),
        )
        for n, hours in ((1, -1), (2, 24))
    )  # fmt: skip
    taken = back_up(tmp_path)
    with empty_database() as place:
        found = restore.restore(restore.read(taken.ordinary, taken.keys), place)
        assert found.told.held == 3
        with looking_at(place):
            seal.seal()
            states = {one.pk: (one.state, one.paused_for) for one in Appeal.objects.all()}
            assert states[sending.pk] == ("paused", "restored")
            assert states[later.pk] == ("draft", "")
            watching.watch()
            assert not send_next(sending.pk)
            assert Journey.objects.get().state == "off"
            assert Run.objects.get(pk=due.pk).left_for == "stopped"
            assert Run.objects.get(pk=not_due.pk).state == "going"
            assert restoring.hold(by="system:restore") == 0
    assert Appeal.objects.get(pk=sending.pk).state == "sending"
    assert not Fake.delivered
