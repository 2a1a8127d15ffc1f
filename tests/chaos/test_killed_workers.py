"""Workers are killed in the middle of everything, and nothing is lost, doubled or told to a log."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import Any

import pytest

from fundraise import clock
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.jobs.models import JobRun
from fundraise.outbox import services as outbox
from fundraise.outbox.models import OutboxEvent
from fundraise.providers.models import ProviderEvent
from fundraise.providers.tasks import sweep_events
from mailings.models import TransactionalMessage
from mailings.tasks import sweep as sweep_mail
from tests.journey import Journey
from tests.proofs import differing
from tests.whole import Whole, whole_service

pytestmark = [pytest.mark.serial, pytest.mark.enable_socket]

GIFTS = int(os.environ.get("CHAOS_GIFTS", "24"))
DEATHS = max(4, GIFTS // 25)
SEED = int(os.environ.get("CHAOS_SEED", "7"))
PLANTED = "Ottilia Planteradsson"


@pytest.fixture
def whole(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Any:
    with django_db_blocker.unblock(), whole_service(tmp_path) as service:
        yield service


def giver(number: int) -> Giver:
    return Giver(name=PLANTED, email=f"planterad{number}@example.org", keep_as_donor=True)


def give_while_workers_die(whole: Whole, journey: Journey, dice: random.Random) -> None:
    deaths = set(dice.sample(range(2, GIFTS), DEATHS))
    for number in range(GIFTS):
        journey.give(dice.choice([50_00, 200_00, 500_00]), giver=giver(number))
        if number in deaths:
            time.sleep(dice.uniform(1, 4))  # sometimes before it is up, mostly in mid-work
            whole.kill("worker")
            whole.start_worker()


def settle_down(whole: Whole, seconds: float = 60) -> None:
    """What beat would start, until nothing is left to do."""
    whole.stand_in.wait(30)
    until = time.monotonic() + seconds
    while time.monotonic() < until and something_waits():
        ProviderEvent.objects.filter(state="stored").update(next_try_at=clock.real_now())
        if time.monotonic() > until - seconds + 8:  # what a dead worker held is given up by now
            TransactionalMessage.objects.filter(state="claimed").update(lease_until=clock.now())
            OutboxEvent.objects.filter(state="new").update(next_try_at=clock.real_now())
        sweep_events()
        outbox.deliver_due(clock.real_now(), most=1000)
        sweep_mail()
        time.sleep(0.3)


def something_waits() -> bool:
    return (
        ProviderEvent.objects.filter(state="stored").exists()
        or OutboxEvent.objects.filter(state="new").exists()
        or TransactionalMessage.objects.filter(state__in=["prepared", "claimed"]).exists()
    )


def test_killing_workers_at_random_loses_and_doubles_nothing(whole: Whole) -> None:
    journey = Journey(whole.stand_in)
    give_while_workers_die(whole, journey, random.Random(SEED))
    by_workers = ProviderEvent.objects.filter(state="done").count()
    assert by_workers > 0
    settle_down(whole)
    asked = list(Gift.objects.values_list("amount_ore", flat=True))
    assert len(asked) == GIFTS
    assert set(Gift.objects.values_list("state", flat=True)) == {"received"}
    assert journey.thermometer() == (sum(asked), GIFTS, GIFTS)
    charges = [c for c in whole.stand_in.objects("charge") if c["status"] == "succeeded"]
    assert sum(c["amount"] for c in charges) == sum(asked)
    assert len(whole.mails()) == GIFTS
    assert differing() == []
    assert JobRun.objects.filter(name="provider-event-sweep", state="done").exists()
    logged = whole.logs()
    assert len(logged) > 1_000
    assert "Planteradsson" not in logged
    assert "planterad1" not in logged
