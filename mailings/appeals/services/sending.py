"""Sending a batch: claim, commit, look once more, post, record. Each step may be the last one of a
process that is killed, and what it leaves is a batch that nobody holds, one under a lease, or one
that is settled.
"""

from __future__ import annotations

from functools import lru_cache

import structlog

from fundraise.crypto import CryptoError
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from mailings.appeals import asking, payloads
from mailings.appeals.letters import Form
from mailings.appeals.models import Appeal, Batch, Content, Message
from mailings.appeals.payloads import People
from mailings.appeals.services import (
    claiming,
    closing,
    looking,
    pausing,
    recalling,
    settling,
    splitting,
)
from mailings.appeals.services.looking import Seen
from mailings.senders.base import (
    BulkError,
    BulkOutcome,
    BulkRequest,
    BulkSender,
    chosen_for_appeals,
)

log = structlog.get_logger(__name__)

UNREADABLE = "appeal-unreadable"
LATER = 600.0


def send_next(appeal_id: int, sender: BulkSender | None = None) -> bool:
    """Send the next batch of an appeal. False when there is none to send now."""
    sender = sender or chosen_for_appeals()
    batch = claiming.claim(appeal_id, sender)
    if batch is None:
        return False
    carry(batch, sender)
    return True


def carry(batch: Batch, sender: BulkSender) -> None:
    """From a claimed batch to a recorded one."""
    appeal = appeal_of(batch.appeal_id)
    try:
        everybody = payloads.opened(batch.payload)
    except CryptoError:
        _unreadable(batch, appeal)
        return
    # The same key must bring the same people: who was there at the first try stays.
    again = sender.idempotent and batch.attempts > 1
    seen = looking.look(batch, appeal, everybody.seqs, again=again)
    if seen.state != Appeal.State.SENDING:
        _not_sending(batch, seen.state)
        return
    if seen.over and asking.asks(appeal):
        closing.stop(appeal)
        settling.ready_again(batch, after=1.0, words="")
        return
    people = _as_seen(batch, everybody, seen)
    if not seen.ours or not looking.leave_out(batch, seen.out, len(people.seqs)):
        return
    if not people.seqs:
        settling.nobody_left(batch)
        return
    try:
        request = _request(batch, appeal, people, sender)
    except BulkError as error:
        settling.ready_again(batch, after=error.retry_after, words=str(error))
        return
    _post(batch, request, people, sender)


def _as_seen(batch: Batch, people: People, seen: Seen) -> People:
    """Who gets the mail still, each with the link that they may have."""
    if seen.out:
        people = people.without(seen.out)
    if seen.unfollowed:
        form = form_of(batch.content_id, batch.appeal_id)
        people = people.instead(seen.unfollowed, form.link_places, form.whole)
    return people


@lru_cache(maxsize=32)
def appeal_of(appeal_id: int) -> Appeal:
    """An appeal's rules, which stay as they were scheduled; its state is looked up each time."""
    return Appeal.objects.select_related("campaign").defer("state").get(pk=appeal_id)


def _not_sending(batch: Batch, state: str) -> None:
    if state == Appeal.State.CANCELLED:
        settling.nobody_left(batch, Message.Outcome.CANCELLED)
    else:
        settling.ready_again(batch, after=1.0, words="")


def _unreadable(batch: Batch, appeal: Appeal) -> None:
    state = Appeal.objects.values_list("state", flat=True).get(pk=appeal.pk)
    if state != Appeal.State.SENDING:
        _not_sending(batch, state)
        return
    settling.ready_again(batch, after=LATER, words="the body does not open")
    pausing.pause_for(appeal.pk, "unreadable")
    jobs.raise_alarm(
        UNREADABLE, str(appeal.ref), "An appeal's bodies don't open: a field key is missing."
    )


def _request(batch: Batch, appeal: Appeal, people: People, sender: BulkSender) -> BulkRequest:
    """What is posted. Raises BulkError where a name to recall it by could not be had."""
    recall = recalling.name_for(batch, sender)
    return BulkRequest(
        content=form_of(batch.content_id, batch.appeal_id).bulk,
        people=people.packed,
        key=str(batch.fence),
        category=f"appeal-{appeal.campaign.slug}"[:100],
        send_at=recall.send_at,
        recall_id=recall.name,
    )


@lru_cache(maxsize=32)
def form_of(content_id: int, appeal_id: int) -> Form:
    """A content's form: it stays as it was when the appeal was scheduled."""
    content = Content.objects.select_related("variant").get(pk=content_id)
    return Form.of(content, appeal_id)


def _post(batch: Batch, request: BulkRequest, people: People, sender: BulkSender) -> None:
    try:
        result = sender.post(request)
    except BulkError as error:
        _answered(batch, people, error)
    except Exception as error:
        # Not a word from the sender about what became of it.
        settling.in_doubt(batch, describe(error))
    else:
        settling.accepted(batch, result.reference)


def _answered(batch: Batch, people: People, error: BulkError) -> None:
    words = str(error)
    if error.outcome is BulkOutcome.UNKNOWN:
        settling.in_doubt(batch, words)
    elif error.outcome is BulkOutcome.WAIT:
        settling.ready_again(batch, after=error.retry_after, words=words)
    elif error.outcome is BulkOutcome.KEY_REFUSED:
        settling.ready_again(batch, after=None, words=words)
        pausing.pause_for(batch.appeal_id, "key_refused")
    elif len(people.seqs) > 1:
        splitting.split(batch, people, words)
        pausing.pause_when_all_is_refused(batch.appeal_id)
    else:
        settling.refused_one(batch, words)
        pausing.pause_when_all_is_refused(batch.appeal_id)
