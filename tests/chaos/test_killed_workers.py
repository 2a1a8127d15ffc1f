"""Workers are killed in the middle of everything, and nothing is lost, doubled or told to a log."""

from __future__ import annotations

import os
import random
import time
from datetime import datetime, timedelta
from itertools import cycle
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


def give_while_workers_die(whole: Whole, journey: Journey, dice: random.Random) -> datetime:
    """When the worker that lives on was started."""
    born = clock.real_now()
    before_it_is_up = cycle([True, False])
    deaths = set(dice.sample(range(2, GIFTS), DEATHS))
    for number in range(GIFTS):
        before = worked_on()
        journey.give(dice.choice([50_00, 200_00, 500_00]), giver=giver(number))
        if number in deaths:
            if next(before_it_is_up):
                time.sleep(dice.uniform(0, 1))
            else:
                wait_for_more_than(before)  # so that it dies in the middle of the rest
            whole.kill("worker")
            born = clock.real_now()
            whole.start_worker()
    return born


def worked_on() -> int:
    return ProviderEvent.objects.filter(state="done").count()


def wait_for_more_than(before: int, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while worked_on() <= before and time.monotonic() < until:
        time.sleep(0.05)


def settle_down(whole: Whole, born: datetime, seconds: float = 300 + GIFTS / 10) -> None:
    """What beat would start, until nothing is left to do. `born` is when the last worker was."""
    whole.stand_in.wait(300)
    give_up_what_the_dead_held(born)
    until = time.monotonic() + seconds
    while time.monotonic() < until and something_waits():
        waits = ProviderEvent.objects.filter(state="stored")
        waits.update(next_try_at=clock.real_now() - timedelta(minutes=1))
        sweep_events()
        outbox.deliver_due(clock.real_now(), most=1000)
        sweep_mail()
        time.sleep(0.3)


def give_up_what_the_dead_held(born: datetime) -> None:
    """As if the leases that dead workers took had run out; the living worker's stand."""
    held = TransactionalMessage.objects.filter(state="claimed", claimed_at__lt=born)
    held.update(lease_until=clock.now())
    tried = OutboxEvent.objects.filter(state="new", next_try_at__lt=born + outbox.LEASE)
    tried.update(next_try_at=clock.real_now())


def something_waits() -> bool:
    return (
        ProviderEvent.objects.filter(state="stored").exists()
        or OutboxEvent.objects.filter(state="new").exists()
        or TransactionalMessage.objects.filter(state__in=["prepared", "claimed"]).exists()
    )


def test_killing_workers_at_random_loses_and_doubles_nothing(whole: Whole) -> None:
    journey = Journey(whole.stand_in)
    born = give_while_workers_die(whole, journey, random.Random(SEED))
    assert worked_on() > 0  # nobody but a worker has
    settle_down(whole, born)
    assert not something_waits()
    asked = list(Gift.objects.values_list("amount_ore", flat=True))
    assert len(asked) == GIFTS
    assert set(Gift.objects.values_list("state", flat=True)) == {"received"}
    assert journey.thermometer() == (sum(asked), GIFTS, GIFTS)
    every = whole.stand_in.client().v1.charges.list({"limit": 100}).auto_paging_iter()
    assert sum(c.amount for c in every if c.status == "succeeded") == sum(asked)
    assert len(whole.mails()) == GIFTS
    assert differing() == []
    assert JobRun.objects.filter(name="provider-event-sweep", state="done").exists()
    logged = whole.logs()
    assert len(logged) > 1_000
    assert "Planteradsson" not in logged
    assert "planterad1" not in logged
