"""One proof, read by alarms, page and queue: whole in the morning, every hour what is new."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from fundraise.jobs.models import Alarm, JobRun
from fundraise.ledger.checks import Check
from fundraise.ledger.models import Checkpoint
from fundraise.reconciliation import locks, tasks
from fundraise.reconciliation.models import ProofRun, QueueItem
from fundraise.reconciliation.proof import running
from tests.people import make_party

HERE = "tests.reconciliation.proof.test_readers."
LEDGER = "fundraise.ledger.proofs.checks"
NOON = datetime(2026, 9, 8, 10, tzinfo=UTC)


def holds() -> Iterator[Check]:
    yield Check("one is two", 1, 1, letter="C", source="one")


def differs() -> Iterator[Check]:
    yield Check("one is two", 1, 2, letter="C", source="one")


def open_now() -> tuple[list[str], list[str]]:
    alarms = Alarm.objects.filter(resolved_at=None, code="books-differ")
    queued = QueueItem.objects.filter(state="open", code="differs")
    return [one.text for one in alarms], [one.facts["name"] for one in queued]


@pytest.mark.django_db
def test_one_whole_proof_rings_queues_and_falls_silent_when_mended(settings: Any) -> None:
    make_party()
    settings.PROOFS = [LEDGER, HERE + "differs"]
    tasks.prove_the_day()
    tasks.prove_the_day()
    assert open_now() == (["expected 1, found 2"], ["one is two"]), "each once"
    settings.PROOFS = [LEDGER, HERE + "holds"]
    tasks.prove_what_is_new()
    assert open_now() == (["expected 1, found 2"], ["one is two"]), (
        "a look at the new silences none"
    )
    tasks.prove_the_day()
    assert open_now() == ([], [])
    runs = JobRun.objects.filter(name="daily-proof", state="done").order_by("pk")
    assert [run.counts["differs"] for run in runs] == [1, 1, 0]


@pytest.mark.django_db
def test_what_differs_within_the_hour_rings_and_is_queued_and_the_page_keeps_the_whole(
    settings: Any,
) -> None:
    make_party()
    settings.PROOFS = [LEDGER, HERE + "holds"]
    tasks.prove_the_day()
    settings.PROOFS = [LEDGER, HERE + "differs"]
    settings.PROOFS_SINCE = {LEDGER: f"{LEDGER}_since"}
    tasks.prove_what_is_new()
    assert open_now() == (["expected 1, found 2"], ["one is two"])
    assert ProofRun.objects.count() == 1
    counts = JobRun.objects.get(name="hourly-proof").counts
    assert (counts["differs"], counts["left"]) == (1, 1)


@pytest.mark.django_db
def test_a_clock_that_ran_ahead_and_came_back_hides_nothing(settings: Any) -> None:
    make_party()
    settings.PROOFS = [LEDGER]
    with time_machine.travel(NOON + timedelta(days=400), tick=False):
        tasks.prove_the_day()
    with time_machine.travel(NOON, tick=False):
        tasks.prove_the_day()
        found = running.run_since()
        assert found.since is not None
        newest = Checkpoint.objects.latest("pk")
        assert (found.since.pk, newest.made_at) == (newest.pk, NOON), (
            "the last kept, not the latest"
        )


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_turns_and_a_killed_one_lets_go(settings: Any) -> None:
    make_party()
    settings.PROOFS = [LEDGER, HERE + "differs"]
    with ThreadPoolExecutor(2) as pool:
        dead = pool.submit(_killed_in_the_middle)
        assert dead.result() == "gone"
        both = [pool.submit(_run) for _ in range(2)]
        first, second = sorted(one.result() for one in both)
    assert first[1] <= second[0], "the second began when the first had told its readers"
    assert open_now() == (["expected 1, found 2"], ["one is two"])
    assert (ProofRun.objects.count(), Checkpoint.objects.count()) == (2, 2)


def _killed_in_the_middle() -> str:
    """Its connection breaks as a killed worker's does."""
    try:
        with locks.one_proof_at_a_time():
            connection.connection.close()
            raise KeyboardInterrupt
    except BaseException:
        connection.close()
    return "gone"


def _run() -> tuple[datetime, datetime]:
    kept = running.run()
    connection.close()
    assert kept.ended_at is not None
    return kept.began_at, kept.ended_at
