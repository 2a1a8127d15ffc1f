"""Names under which the sender can be told to throw away what it still holds.

`wave`: one name for a wave, so that *Cancel* is a button for the whole appeal. `batch`: one for
each request, so that what is in doubt can be called back and sent anew. A mail carries one name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Q

from fundraise import clock
from mailings.appeals import wall_clock
from mailings.appeals.models import Batch, Wave
from mailings.appeals.services import claiming
from mailings.senders.base import BulkError, BulkSender, bulk_class

log = structlog.get_logger(__name__)

NONE, WAVE, BATCH = "none", "wave", "batch"
LEAST = timedelta(minutes=10)  # SendGrid stops nothing that leaves sooner


@dataclass(frozen=True, slots=True)
class Recall:
    """How a request can be recalled: its name, and until when the sender holds it."""

    name: str = ""
    send_at: int | None = None


def name_for(batch: Batch, sender: BulkSender) -> Recall:
    """The name of a claimed batch, kept before it is posted. Raises BulkError."""
    if not held_for(sender):
        return Recall()
    name = _of_wave(batch, sender) if settings.APPEAL_RECALL == WAVE else sender.new_recall_id()
    send_at = _later(clock.real_now())
    Batch.objects.filter(pk=batch.pk, fence=claiming.fence_of(batch)).update(
        recall_id=name, send_at=send_at
    )
    return Recall(name, int(send_at.timestamp()))


def _later(now: datetime) -> datetime:
    at = now + timedelta(minutes=settings.APPEAL_RECALL_MINUTES)
    return wall_clock.odd_minute(at)


def _of_wave(batch: Batch, sender: BulkSender) -> str:
    """The wave's name; two who ask at once agree on the one that was kept first."""
    wave = batch.wave
    if wave is None:
        return sender.new_recall_id()
    if not wave.recall_id:
        made = sender.new_recall_id()
        Wave.objects.filter(pk=wave.pk, recall_id="").update(recall_id=made)
        wave.refresh_from_db(fields=["recall_id"])
    return wave.recall_id


def held_for(sender: BulkSender) -> timedelta:
    """How long the sender keeps a request before its mails leave."""
    holds = settings.APPEAL_RECALL != NONE and sender.recalls
    return timedelta(minutes=settings.APPEAL_RECALL_MINUTES if holds else 0)


def still_held(now: datetime) -> Q:
    """Requests that the sender can still be told to throw away, or may have to."""
    taken = Q(state__in=[Batch.State.ACCEPTED, Batch.State.IN_DOUBT]) & ~Q(recall_id="")
    return taken & Q(send_at__gt=now + LEAST)


def recall_all(appeal_id: int) -> tuple[set[int], int]:
    """Have the sender throw away what it still holds of an appeal.

    Returns the batches that it confirmed, and how many names it did not.
    """
    held = Batch.objects.filter(still_held(clock.real_now()), appeal=appeal_id)
    by_name: dict[tuple[str, str], set[int]] = {}
    for pk, sender, name in held.values_list("pk", "sender", "recall_id"):
        by_name.setdefault((sender, name), set()).add(pk)
    confirmed, failed = set[int](), 0
    for (sender, name), batches in by_name.items():
        try:
            bulk_class(sender)().recall(name)
        except BulkError as error:
            log.warning("appeal_recall_failed", appeal=appeal_id, error=str(error))
            failed += 1
        else:
            confirmed |= batches
    return confirmed, failed
