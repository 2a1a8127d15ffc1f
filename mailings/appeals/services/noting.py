"""Who was mailed is noted with the person, for segments that ask for it: once for each batch."""

from __future__ import annotations

import time

from django.db import transaction
from django.db.models import Q

from fundraise import clock
from mailings.appeals import queries
from mailings.appeals.models import Batch
from mailings.segments import services as segments

SECONDS = 10.0


def note_mailed(seconds: float = SECONDS) -> int:
    """Note the people of batches that were taken, the oldest first, for so long; how many."""
    until, noted = time.monotonic() + seconds, 0
    while time.monotonic() < until and _next():
        noted += 1
    return noted


@transaction.atomic
def _next() -> bool:
    """One batch; what the sender still holds, and may be told to throw away, waits."""
    now = clock.real_now()
    rows = Batch.objects.filter(Q(send_at=None) | Q(send_at__lte=now), state=Batch.State.ACCEPTED)
    waiting = rows.filter(noted_at=None).order_by("posted_at")
    batch = waiting.select_for_update(skip_locked=True).first()
    if batch is None:
        return False
    donors = list(queries.people_in(batch).values_list("donor_id", flat=True))
    segments.note_mailed(donors, batch.posted_at or now)
    Batch.objects.filter(pk=batch.pk).update(noted_at=now)
    return True
