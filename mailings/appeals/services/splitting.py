"""A request that was refused, though only one address in it may be bad: cut in halves, and again,
down to the one person, who alone is refused."""

from __future__ import annotations

from django.db import transaction

from fundraise import clock, copying
from mailings.appeals import payloads
from mailings.appeals.models import Batch, Message, Payload
from mailings.appeals.payloads import People
from mailings.appeals.services import claiming
from mailings.appeals.services.settling import BY_ANSWER
from mailings.senders.packing import packed_again

State = Batch.State


@transaction.atomic
def split(batch: Batch, people: People, words: str) -> bool:
    """Two halves in its place, to be sent next. False when the try is not ours any more.

    `people` are those who were in the request.
    """
    done = claiming.record(
        batch,
        State.SPLIT,
        settled_at=clock.real_now(),
        settled_by=BY_ANSWER,
        last_error=words[:200],
        lease_until=None,
        sent=0,
    )
    if not done:
        return False
    everybody = len(people.seqs)
    middle = (everybody + 1) // 2
    halves = [people.part(0, middle), people.part(middle, everybody)]
    for pk, half in zip(copying.next_ids(Batch, len(halves)), halves, strict=True):
        _half(batch, pk, half)
    return True


def _half(batch: Batch, pk: int, people: People) -> None:
    Batch.objects.create(
        pk=pk,
        appeal_id=batch.appeal_id,
        wave_id=batch.wave_id,
        content_id=batch.content_id,
        parent_id=batch.pk,
        family=batch.family,
        first_seq=people.seqs[0],
        people=len(people.seqs),
        state=State.READY,
    )
    packed = packed_again(people.rows)
    Payload.objects.create(batch_id=pk, sealed=payloads.sealed(pk, people.seqs, packed))
    rows = Message.objects.filter(appeal=batch.appeal_id, batch_id=batch.pk, seq__in=people.seqs)
    rows.update(batch_id=pk)
