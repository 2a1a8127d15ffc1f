"""Somebody tests thousands of cards on the page: what they get, and what real givers notice."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from fundraise.gifts.models import Gift
from fundraise.jobs.models import Alarm
from fundraise.limits.models import Breaker, Spent, Tally
from fundraise.providers import tasks, watch
from fundraise.providers.models import Attempt
from tests.attack.swarm import REAL_ORE, Swarm
from tests.give.conftest import _swedish  # noqa: F401 - the catalogue, compiled
from tests.journey import Journey
from tests.providers.conftest import journey, stand_in, stand_in_process

__all__ = ["journey", "stand_in", "stand_in_process"]

FULL = os.environ.get("SCALE") == "full"
ATTACKS = 10_000 if FULL else 125
MOST_PAGES = 40  # 20 declines open the breaker; the workers are at most ten steps behind
MOST_CHARGES = 6 * MOST_PAGES  # a page is closed after six declines


@pytest.fixture(autouse=True)
def _cheap(settings: Any) -> None:
    settings.PROOF_COST, settings.PROOF_ROUNDS = (200, 100) if FULL else (20, 30)


def pass_time(minutes: int) -> None:
    """Nothing happens for so long."""
    Tally.objects.update(minute=F("minute") - timedelta(minutes=minutes))
    Breaker.objects.update(bad_at=F("bad_at") - timedelta(minutes=minutes))


@pytest.mark.long
def test_an_attack_begins_few_charges_while_every_real_gift_passes(journey: Journey) -> None:
    swarm = Swarm(journey)
    swarm.play(ATTACKS, a_giver_every=25, workers_every=10)

    # The attackers: a handful of pages before it opened, and none after.
    assert swarm.begun() == swarm.answers[303] <= MOST_PAGES
    assert swarm.answers[403] == ATTACKS - swarm.answers[303]
    theirs = Attempt.objects.filter(gift__amount_ore=100_00)
    assert sum(theirs.values_list("declines", flat=True)) <= MOST_CHARGES
    assert not theirs.filter(state="paid").exists()
    assert not Gift.objects.filter(amount_ore=100_00, state="received").exists()

    # The real givers: every one of them.
    assert swarm.real == ATTACKS // 25
    assert Gift.objects.filter(state="received").count() == swarm.real
    assert journey.thermometer() == (swarm.real * REAL_ORE, swarm.real, swarm.real)
    assert 0 < swarm.proven <= swarm.real
    assert Spent.objects.count() == swarm.proven

    # The house: one alarm, and the attack's declines are not taken for givers'.
    assert Alarm.objects.filter(code="card-testing").count() == 1
    assert watch.is_on_guard(journey.account)
    assert not Attempt.objects.filter(gift__state="received", suspect=True).exists()

    # Calm closes it, and the next giver is asked for nothing.
    pass_time(minutes=45)
    tasks.watch_breakers()
    assert not watch.is_on_guard(journey.account)
    assert Alarm.objects.get(code="card-testing").resolved_at is not None
    swarm.give(0)
    swarm.work()
    assert Spent.objects.count() == swarm.proven
    assert Gift.objects.filter(state="received").count() == swarm.real
