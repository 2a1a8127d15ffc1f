"""Reads: how far an appeal is, whether it balances, who did not get it and why, the doubts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from mailings.appeals.models import Appeal, Batch, Chunk, Message
from mailings.appeals.models.sending import CHUNK

State = Batch.State


@dataclass(frozen=True, slots=True)
class Balance:
    """Everybody of the frozen list, each counted once."""

    frozen: int
    unprepared: int
    waiting: int  # held, ready, on their way
    in_doubt: int
    accepted: int
    left_out: dict[str, int]

    @property
    def accounted(self) -> int:
        """All that are counted somewhere."""
        named = sum(self.left_out.values())
        return self.unprepared + self.waiting + self.in_doubt + self.accepted + named

    @property
    def holds(self) -> bool:
        """Whether nobody is missing and nobody is there twice."""
        return self.accounted == self.frozen


def balance(appeal: Appeal) -> Balance:
    """Counted from the messages themselves."""
    by_batch = dict(
        Message.objects.filter(appeal=appeal, outcome=Message.Outcome.SENT)
        .values_list("batch_id")
        .annotate(Count("seq"))
        .order_by()
    )
    states = dict(Batch.objects.filter(appeal=appeal).values_list("pk", "state"))
    people: dict[str, int] = {}
    for batch, number in by_batch.items():
        state = states.get(batch, "")
        people[state] = people.get(state, 0) + number
    waiting = sum(people.get(one, 0) for one in (State.HELD, State.READY, State.POSTING))
    return Balance(
        frozen=appeal.frozen,
        unprepared=_unprepared(appeal),
        waiting=waiting,
        in_doubt=people.get(State.IN_DOUBT, 0),
        accepted=people.get(State.ACCEPTED, 0),
        left_out=left_out(appeal),
    )


def _unprepared(appeal: Appeal) -> int:
    rows = Chunk.objects.filter(appeal=appeal, prepared_at=None)
    return sum(len(ids) for ids in rows.values_list("donor_ids", flat=True))


def left_out(appeal: Appeal) -> dict[str, int]:
    """Why people did not get it → how many."""
    rows = Message.objects.filter(appeal=appeal).exclude(outcome=Message.Outcome.SENT)
    return dict(rows.values_list("outcome").annotate(Count("seq")).order_by())


@dataclass(frozen=True, slots=True)
class Progress:
    """People by where they are: cheap enough to ask every few seconds."""

    frozen: int
    prepared: int
    held: int
    ready: int
    posting: int
    in_doubt: int
    accepted: int

    @property
    def done(self) -> bool:
        """Whether nobody waits any more."""
        return not (self.held or self.ready or self.posting or self.in_doubt)


def progress(appeal: Appeal) -> Progress:
    """From the batches alone: a few thousand rows, however many people."""
    rows = Batch.objects.filter(appeal=appeal).values_list("state")
    found = {
        state: (people or 0, sent or 0)
        for state, people, sent in rows.annotate(Sum("people"), Sum("sent")).order_by()
    }
    return Progress(
        frozen=appeal.frozen,
        prepared=appeal.frozen - _unprepared(appeal),
        held=found.get(State.HELD, (0, 0))[0],
        ready=found.get(State.READY, (0, 0))[0],
        posting=found.get(State.POSTING, (0, 0))[0],
        in_doubt=found.get(State.IN_DOUBT, (0, 0))[1],
        accepted=found.get(State.ACCEPTED, (0, 0))[1],
    )


def in_doubt(appeal: Appeal | None = None) -> QuerySet[Batch]:
    """Batches that nobody knows about, the longest waiting first."""
    rows = Batch.objects.filter(state=State.IN_DOUBT).select_related("appeal", "wave")
    if appeal is not None:
        rows = rows.filter(appeal=appeal)
    return rows.order_by("posted_at", "pk")


def people_in(batch: Batch) -> QuerySet[Message]:
    """Who was in a request: donor ids only; names are opened where they are shown."""
    rows = Message.objects.filter(
        appeal=batch.appeal_id,
        seq__range=(batch.first_seq, batch.first_seq + CHUNK),
        batch_id=batch.pk,
    )
    return rows.filter(outcome=Message.Outcome.SENT).order_by("seq")
