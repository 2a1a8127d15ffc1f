"""Random lives of an appeal: lost answers, dead processes, pauses, doubts settled every way.

Whatever happened, at the end nobody got it twice, nobody is missed without a name, and the balance
holds. The fake sender counts what it delivered; a doubt is settled by what it really did.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from fundraise import clock
from fundraise.campaigns.models import Campaign
from mailings.appeals import proofs, queries
from mailings.appeals.models import Appeal, Batch, Message
from mailings.appeals.services import (
    claiming,
    finishing,
    pausing,
    sending,
    settling,
    splitting,
    waves,
)
from mailings.senders.base import BulkError, BulkOutcome, BulkRequest
from tests.mailings.appeals.house import Fake, people, prepared, written
from tests.matrix import FULL
from tests.people import CECILIA

PEOPLE, STEPS, LIVES = 23, 120, 12 if FULL else 3
BAD = "anna7@example.org"

pytestmark = pytest.mark.django_db


class Dies(BaseException):
    """The process ends here: nothing after it runs."""


class Life:
    """One appeal, and what may happen to it."""

    def __init__(self, appeal: Appeal, dice: random.Random) -> None:
        self.appeal, self.dice = appeal, dice
        self.left_behind: list[Batch] = []

    def answer(self, request: BulkRequest) -> BulkError | None:
        if any(person.to == BAD for person in request.people):
            return BulkError(BulkOutcome.REFUSED, status=400, words="400")
        said = self.dice.random()
        if said < 0.15:
            return BulkError(BulkOutcome.UNKNOWN, words="taken")
        if said < 0.25:
            return BulkError(BulkOutcome.UNKNOWN, words="not taken")
        if said < 0.35:
            return BulkError(BulkOutcome.WAIT, retry_after=1, status=429, words="429")
        return None

    def step(self) -> None:
        acts: list[tuple[int, Callable[[], Any]]] = [
            (10, self.send),
            (3, self.die),
            (2, self.leases_end),
            (2, self.event),
            (2, self.by_hand),
            (1, self.pause_and_go_on),
            (2, self.late_answer),
            (2, lambda: waves.release_next(self.appeal.pk)),
            (1, lambda: finishing.finish(self.appeal.pk)),
        ]
        weights = [weight for weight, _act in acts]
        self.dice.choices([act for _weight, act in acts], weights)[0]()
        Batch.objects.filter(state="ready").update(not_before=None)

    def send(self) -> None:
        sending.send_next(self.appeal.pk)

    def die(self) -> None:
        """Killed after the claim, after the last look, or when the sender has it."""
        batch = claiming.claim(self.appeal.pk, Fake())
        if batch is None:
            return
        where = self.dice.choice(["claimed", "looked", "posted"])
        if where == "posted":
            self.die_after_posting(batch)
        elif where == "looked":
            self.die_before_posting(batch)
        self.left_behind.append(batch)

    def die_after_posting(self, batch: Batch) -> None:
        try:
            with pytest.MonkeyPatch.context() as patch:
                for name in ("accepted", "in_doubt", "ready_again", "refused_one"):
                    patch.setattr(settling, name, _die)
                patch.setattr(splitting, "split", _die)
                sending.carry(batch, Fake())
        except Dies:
            pass

    def die_before_posting(self, batch: Batch) -> None:
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Fake, "post", _die)
                sending.carry(batch, Fake())
        except Dies:
            pass

    def late_answer(self) -> None:
        """A process thought dead says what it was told."""
        if self.left_behind:
            batch = self.left_behind.pop()
            if str(batch.fence) in Fake.fences:
                settling.accepted(batch, "late")

    def leases_end(self) -> None:
        now = clock.real_now() + claiming.LEASE * 2
        settling.end_leases(now)

    def event(self) -> None:
        """The sender tells of what it took, also when nobody asked."""
        if Fake.fences:
            fence = self.dice.choice(sorted(Fake.fences))
            settling.settle_by_events([type(self.appeal.ref)(fence)])

    def by_hand(self) -> None:
        for batch in queries.in_doubt(self.appeal)[:1]:
            taken = str(batch.fence) in Fake.fences
            settling.settle_by_hand(batch.pk, left=taken, by=CECILIA, why="loggen")

    def pause_and_go_on(self) -> None:
        self.appeal.refresh_from_db()
        if self.appeal.state == Appeal.State.SENDING:
            pausing.pause(self.appeal.ref, by=CECILIA)
            sending.send_next(self.appeal.pk)
            pausing.resume(self.appeal.ref, by=CECILIA)

    def wind_down(self) -> None:
        """Until it is finished: no more faults, every doubt settled by what is so."""
        Fake.answer = staticmethod(
            lambda request: (
                BulkError(BulkOutcome.REFUSED, status=400, words="400")
                if any(person.to == BAD for person in request.people)
                else None
            )
        )
        for _round in range(100):
            if finishing.finish(self.appeal.pk):
                return
            waves.release_next(self.appeal.pk)
            Batch.objects.filter(state="ready").update(not_before=None)
            self.send()
            self.leases_end()
            self.by_hand()


def _die(*_args: object, **_values: object) -> None:
    raise Dies


@pytest.mark.long
@pytest.mark.parametrize("seed", range(LIVES))
def test_whatever_happens_nobody_gets_it_twice_and_nobody_is_missed(
    campaign: Campaign, seed: int
) -> None:
    people(PEOPLE)
    dice = random.Random(seed)
    appeal = prepared(written(campaign, first_wave=dice.choice([0, 6])))
    life = Life(appeal, dice)
    Fake.answer = staticmethod(life.answer)
    for _step in range(STEPS):
        life.step()
        assert set(Fake.delivered.values()) <= {1}
        appeal.refresh_from_db()
        assert queries.balance(appeal).holds
    life.wind_down()

    appeal.refresh_from_db()
    assert appeal.state == Appeal.State.FINISHED
    everybody = {f"anna{n}@example.org" for n in range(PEOPLE)}
    assert set(Fake.delivered) == everybody - {BAD}
    assert set(Fake.delivered.values()) == {1}
    refused = Message.objects.get(appeal=appeal, outcome="refused")
    assert queries.left_out(appeal) == {"refused": 1}
    assert refused.batch_id is not None
    assert [check.actual for check in proofs.checks()] == [0] * 5


def test_two_who_claim_at_once_get_two_batches(campaign: Campaign) -> None:
    people(8)
    appeal = prepared(written(campaign))
    waves.release_next(appeal.pk)
    with transaction.atomic():
        first = claiming.claim(appeal.pk, Fake())
        second = claiming.claim(appeal.pk, Fake())
        third = claiming.claim(appeal.pk, Fake())
    assert first is not None
    assert second is not None
    assert first.pk != second.pk
    assert first.fence != second.fence
    assert third is None
