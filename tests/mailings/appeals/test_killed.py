"""Processes that are killed for real, between every two steps, and two workers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from fundraise import clock
from fundraise.campaigns.models import Campaign
from mailings.appeals import queries
from mailings.appeals.models import Appeal, Batch, Chunk, Message
from mailings.appeals.services import (
    claiming,
    finishing,
    freezing,
    looking,
    preparing,
    scheduling,
    sending,
    settling,
    waves,
)
from tests.killing import die, in_a_process_that_dies
from tests.mailings.appeals.house import Fake, house, people, prepared, scheduled, send_all, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(transactional_db: None, carrier: None) -> Campaign:
    return house()


def dying_at(where: Any, name: str, work: Callable[[], object]) -> Callable[[], object]:
    """`work` in which a step is replaced by death."""

    def killed() -> object:
        setattr(where, name, lambda *_args, **_values: die())
        return work()

    return killed


def test_a_process_killed_while_freezing_or_preparing_leaves_it_to_be_done_again(
    campaign: Campaign,
) -> None:
    people(12)
    appeal = scheduled(written(campaign, first_wave=5))
    scheduling.claim_due(clock.now())
    in_a_process_that_dies(
        dying_at(freezing, "edges_of_chunks", lambda: freezing.freeze(appeal.pk))
    )
    assert Chunk.objects.count() == 0
    assert freezing.freeze(appeal.pk)
    assert not freezing.freeze(appeal.pk)
    for step in ("lock_appeal_by_id", "_save"):
        in_a_process_that_dies(dying_at(preparing, step, lambda: preparing.prepare_next(appeal.pk)))
    while preparing.prepare_next(appeal.pk):
        pass
    preparing.prepared(appeal.pk)
    assert Message.objects.filter(appeal=appeal).count() == 12
    assert Chunk.objects.filter(prepared_at=None).count() == 0
    appeal.refresh_from_db()
    assert (appeal.state, queries.balance(appeal).waiting) == ("sending", 12)


@pytest.mark.parametrize(
    ("where", "step"),
    [
        (Appeal.objects, "select_related"),  # claimed and committed
        (looking, "look"),
        (looking, "leave_out"),
        (Fake, "post"),
        (settling, "accepted"),  # the sender has it, nobody has noted it
    ],
    ids=["claimed", "before looking", "looked", "before posting", "posted"],
)
def test_a_process_killed_between_two_steps_of_sending_leaves_a_doubt_and_no_double(
    campaign: Campaign, where: Any, step: str
) -> None:
    people(4)
    appeal = prepared(written(campaign))
    waves.release_next(appeal.pk)
    in_a_process_that_dies(dying_at(where, step, lambda: sending.send_next(appeal.pk)))
    assert [one.state for one in Batch.objects.all()] == ["posting"]
    assert send_all(appeal) == 0
    settling.end_leases(clock.real_now() + timedelta(minutes=4))
    batch = Batch.objects.get()
    assert (batch.state, len(queries.people_in(batch)), batch.sent) == ("in_doubt", 4, 4)
    assert send_all(appeal) == 0
    assert settling.settle_by_hand(batch.pk, left=step == "accepted", by="staff:1", why="loggen")
    send_all(appeal)
    assert finishing.finish(appeal.pk)


def test_two_workers_side_by_side_prepare_and_send_everybody_once(campaign: Campaign) -> None:
    """Couples with one address stand in different chunks at times: one of them gets it."""
    people(30)
    for number in range(10):
        from tests.mailings.appeals.house import person

        person(100 + number, email=f"anna{number}@example.org")
    appeal = scheduled(written(campaign, first_wave=4))
    scheduling.claim_due(clock.now())
    freezing.freeze(appeal.pk)

    def work() -> None:
        while preparing.prepare_next(appeal.pk):
            pass
        for _round in range(12):
            waves.release_next(appeal.pk)
            while sending.send_next(appeal.pk):
                pass
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    waves.release_next(appeal.pk)
    send_all(appeal)
    assert finishing.finish(appeal.pk)
    assert queries.left_out(appeal) == {"shared": 10}
    assert len(Fake.delivered) == 30
    assert set(Fake.delivered.values()) == {1}


def test_a_claim_is_committed_before_anything_leaves(campaign: Campaign) -> None:
    """Another connection sees the claim while the request is out."""
    people(2)
    appeal = prepared(written(campaign))
    waves.release_next(appeal.pk)
    seen: list[str] = []

    def look(_request: object) -> None:
        def other() -> None:
            seen.extend(Batch.objects.values_list("state", flat=True))
            connections.close_all()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    Fake.answer = staticmethod(look)
    assert sending.send_next(appeal.pk)
    assert seen == ["posting"]
    assert claiming.claim(appeal.pk, Fake()) is None
