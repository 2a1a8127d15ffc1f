"""The loop that prepares and sends, a few of which run at a time.

How many is held by slots: advisory locks of the database, which a killed process gives back. The
most important appeal is prepared alone; sending goes round among all that send.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection

from fundraise import clock
from mailings import transactional
from mailings.appeals import quiet
from mailings.appeals.models import Appeal, Chunk
from mailings.appeals.services import finishing, preparing, recalling, sending, waves
from mailings.senders.base import BulkSender, chosen_for_appeals

SLOTS = 0x41505045  # a class of advisory locks of our own: "APPE"
AT_A_TIME = 20  # batches of one appeal before the next has its turn
State = Appeal.State


def carry(seconds: float) -> bool:
    """Work for a while; whether there is more to do."""
    with _slot() as ours:
        if not ours:
            return False
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not _step(until):
                return False
        return True


def _step(until: float) -> bool:
    """One chunk, or some batches of each appeal. False when there is nothing to do now."""
    did = _prepare()
    sender = chosen_for_appeals()
    for appeal in _sending(recalling.held_for(sender)):
        if time.monotonic() > until:
            return True
        did = _send(appeal, sender) or did
    return did


def _prepare() -> bool:
    """A chunk of the most important appeal that is being prepared: the others wait for it, so that
    a person's last place under the cap goes to what matters most."""
    rows = Appeal.objects.filter(state=State.PREPARING, frozen_at__isnull=False)
    first = rows.order_by("priority", "send_at", "pk").first()
    if first is None:
        return False
    if preparing.prepare_next(first.pk):
        return True
    if not Chunk.objects.filter(appeal=first, prepared_at=None).exists():
        return preparing.prepared(first.pk)
    return False


def _sending(held: timedelta) -> list[Appeal]:
    """What may be posted now: its mails leave when the sender has held them for so long."""
    leaves = clock.now() + held
    rows = Appeal.objects.filter(state=State.SENDING).order_by("priority", "send_at", "pk")
    # A send that reaches into the quiet hours goes on in the morning.
    return [one for one in rows if one.quiet_reason or not quiet.at(leaves, one.zone)]


def _send(appeal: Appeal, sender: BulkSender) -> bool:
    if not transactional.may_send():
        return False
    waves.release_next(appeal.pk)
    sent = 0
    while sent < AT_A_TIME and sending.send_next(appeal.pk, sender):
        sent += 1
    if sent < AT_A_TIME:
        finishing.finish(appeal.pk)
    return sent > 0


@contextmanager
def _slot() -> Iterator[bool]:
    """One of the places for a loop, or none."""
    for number in range(settings.APPEAL_LOOPS):
        if _lock("pg_try_advisory_lock", number):
            try:
                yield True
            finally:
                _lock("pg_advisory_unlock", number)
            return
    yield False


def _lock(function: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [SLOTS, number])
        return bool(cursor.fetchone()[0])
