"""From the frozen list to messages and batches: a chunk at a time, each in one transaction.

A chunk is claimed with SKIP LOCKED, so that several workers prepare side by side and one that dies
leaves its chunk as it was. Donors are read and never locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Mod
from psycopg.errors import DeadlockDetected

from fundraise import clock, collector, copying
from fundraise.audit import services as audit
from mailings.appeals import batching, people
from mailings.appeals.batching import Cut, Maker
from mailings.appeals.choosing import Facts
from mailings.appeals.locks import lock_appeal_by_id
from mailings.appeals.models import Appeal, Batch, Chunk, Message, Payload, Trial, Wave
from mailings.appeals.models.sending import CHUNK
from mailings.appeals.moving import move
from mailings.appeals.services import freezing
from mailings.segments import asking

log = structlog.get_logger(__name__)

MOST_TRIES = 5
SYSTEM = "system:appeals"
MESSAGE = (
    "appeal", "seq", "donor_id", "email_key", "batch_id", "content_id", "targeted", "tracked",
    "outcome",
)  # fmt: skip


def prepare_next(appeal_id: int) -> bool:
    """Prepare the next chunk that nobody works on. False when there is none.

    Two people with one address may be prepared side by side, or have come to share one after the
    list was frozen: the second to write is refused by the database, and prepared again with every
    address of the first in sight.
    """
    for number in range(1, MOST_TRIES + 1):
        asking.refresh()  # a transaction of its own: who comes second waits for the first's end
        try:
            return _prepare_next(appeal_id, look_at_all=number > 1)
        except (IntegrityError, OperationalError) as error:
            if number == MOST_TRIES or not _is_race(error):
                raise
            log.info("appeal_chunk_again", appeal=appeal_id)
    return False


def _is_race(error: Exception) -> bool:
    return isinstance(error, IntegrityError) or isinstance(error.__cause__, DeadlockDetected)


@transaction.atomic
def _prepare_next(appeal_id: int, *, look_at_all: bool) -> bool:
    appeal = Appeal.objects.select_related("campaign").get(pk=appeal_id)
    if appeal.state != Appeal.State.PREPARING or appeal.frozen_at is None:
        return False
    # Couples with one address may stand on both sides of a chunk's edge, or in two chunks of a
    # part, one who agreed to be chosen by what we know and one who did not: where neighbours are
    # not prepared side by side, nothing has to be done again.
    every_other = Mod(F("first_seq") / CHUNK, 2)
    chunks = waiting(appeal).order_by("-targeted", every_other, "number")
    chunk = chunks.select_for_update(skip_locked=True).first()
    if chunk is None:
        return False
    waves = list(Wave.objects.filter(appeal=appeal).order_by("number"))
    if look_at_all:
        chunk.sharing = chunk.donor_ids
    write(appeal, chunk, freezing.wave_of(chunk, waves), batching.maker_of(appeal))
    chunk.prepared_at = clock.now()
    chunk.save(update_fields=["prepared_at"])
    transaction.on_commit(partial(prepared, appeal_id))
    return True


def waiting(appeal: Appeal) -> QuerySet[Chunk]:
    """The chunks to prepare now: while a trial runs, those of its people only."""
    chunks = Chunk.objects.filter(appeal=appeal, prepared_at=None)
    running = Trial.objects.filter(appeal=appeal, state=Trial.State.RUNNING)
    if not running.filter(percent__lt=100).exists():
        return chunks  # none runs, or everybody takes part
    tried = Wave.objects.filter(appeal=appeal, number=1).values_list("people", flat=True).first()
    several = Wave.objects.filter(appeal=appeal).count() > 1
    return chunks.filter(first_seq__lte=tried) if several and tried else chunks


def write(appeal: Appeal, chunk: Chunk, wave: Wave, maker: Maker) -> None:
    """The messages and batches of one chunk."""
    with collector.away():
        _save(appeal, wave, _cut(appeal, chunk, maker))
    audit.log_read(
        by=SYSTEM, subject_type="donor", purpose=f"appeal:{appeal.ref}", count=len(chunk.donor_ids)
    )


def _cut(appeal: Appeal, chunk: Chunk, maker: Maker) -> Cut:
    rows, opened = people.load(appeal, chunk.donor_ids)
    keys = people.keys_of(rows, opened)
    key_of = dict(zip(chunk.donor_ids, keys, strict=True)) if chunk.sharing else {}
    facts = Facts(
        taken=people.taken(appeal, map(key_of.get, chunk.sharing)),
        suppressed=people.under_other_keys(appeal, keys, opened),
        capped=people.capped(appeal, chunk.donor_ids),
    )
    return batching.cut(maker, chunk, (rows, opened, keys), facts)


def _save(appeal: Appeal, wave: Wave, cut: Cut) -> None:
    ids = copying.next_ids(Batch, len(cut.batches)) if cut.batches else []
    batch_of: dict[int, int] = {}
    batches, payloads = [], []
    for pk, one in zip(ids, cut.batches, strict=True):
        batches.append(
            Batch(
                pk=pk,
                appeal=appeal,
                wave=wave,
                content_id=one.content_id,
                family=one.family,
                first_seq=one.seqs[0],
                people=len(one.seqs),
            )
        )
        payloads.append(Payload(batch_id=pk, sealed=one.sealed(pk)))
        batch_of.update(dict.fromkeys(one.seqs, pk))
    Batch.objects.bulk_create(batches)
    copying.copy_text(Message, MESSAGE, _lines(appeal.pk, cut, batch_of))
    Payload.objects.bulk_create(payloads)


def _lines(appeal_id: int, cut: Cut, batch_of: dict[int, int]) -> Iterable[str]:
    for seq, donor_id, key, content_id, targeted, tracked, outcome in cut.messages:
        if outcome:
            yield f"{appeal_id}\t{seq}\t{donor_id}\t\\N\t\\N\t\\N\t{targeted}\t{tracked}\t{outcome}"
        else:
            yield (
                f"{appeal_id}\t{seq}\t{donor_id}\t\\\\x{key.hex()}\t{batch_of[seq]}\t{content_id}"
                f"\t{targeted}\t{tracked}\t"
            )


# --- All of it ------------------------------------------------------------------------------------
@transaction.atomic
def prepared(appeal_id: int) -> bool:
    """Go on to sending when the last chunk is prepared; False when some are left."""
    appeal = lock_appeal_by_id(appeal_id)
    if appeal.state != Appeal.State.PREPARING or appeal.frozen_at is None:
        return False
    if waiting(appeal).exists():
        return False
    now = clock.now()
    move(
        appeal,
        Appeal.State.SENDING,
        by=SYSTEM,
        changes={"prepared_at": now, "started_at": appeal.started_at or now},
    )
    return True


def left(appeals: Sequence[int]) -> int:
    """How many chunks wait to be prepared."""
    return Chunk.objects.filter(appeal__in=appeals, prepared_at=None).count()
