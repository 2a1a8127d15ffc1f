"""Work on kept posts: many in one transaction, all of it or nothing.

Events go through COPY into a table of the transaction's own, from there once by id into `MailEvent`
and by their time into the messages' fates, and act on people. Whoever is killed leaves the posts as
they were. A post that breaks its transaction is worked on alone; after some tries it is parked and
an alarm rings, and the others go on.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import structlog
from django.db import connection, transaction
from django.db.models import F

from fundraise import clock, collector, copying, crypto
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from mailings import tokens
from mailings.appeals.people import unfollowed_sql
from mailings.appeals.services import fates
from mailings.mail_events import doubts, intake, people, reading, tying
from mailings.mail_events.models import EventPost
from mailings.mail_events.reading import Event, Unreadable

log = structlog.get_logger(__name__)

AT_ONCE = 40  # posts in one transaction
MOST_TRIES = 8
FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=1)
PARKED = "mail-events-parked"
Counts = dict[str, int]

_ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(hashtext('mail events'))"
_TABLE = "arriving_events"
_MAKE = f"""
  CREATE TEMP TABLE {_TABLE} (
    id uuid, appeal_id bigint, seq int, kind text, epoch bigint, code text, link int, mail uuid,
    post_id bigint,
    at timestamptz GENERATED ALWAYS AS (to_timestamp(epoch)) STORED
  ) ON COMMIT DROP"""
_COLUMNS = ("id", "appeal_id", "seq", "kind", "epoch", "code", "link", "mail", "post_id")
_KEEP = f"""
  INSERT INTO mail_events_mailevent (id, appeal_id, seq, kind, at, code, link, mail, post_id)
  SELECT id, appeal_id, seq, kind, at, code, link, mail, post_id FROM {_TABLE} ORDER BY id
  ON CONFLICT (id) DO NOTHING"""  # noqa: S608 - names of this file
# Who opened or followed what is kept of those alone who agree to it, when the sender measures it:
# of the others it is an open or a click of the appeal. A look-up for each: joined, all messages
# might be read.
_UNFOLLOW = f"""
  UPDATE {_TABLE} e SET seq = NULL
   WHERE e.kind IN ('open', 'click') AND e.seq IS NOT NULL AND (
         SELECT m.tracked AND NOT {unfollowed_sql("m.donor_id")} FROM appeals_message m
          WHERE m.appeal_id = e.appeal_id AND m.seq = e.seq LIMIT 1) IS NOT TRUE"""  # noqa: S608
# Messages whose visits look different now: opened, followed, or delivered after a visit.
_JUDGE = f"""
  INSERT INTO mail_events_tojudge (appeal_id, seq)
  SELECT appeal_id, seq FROM {_TABLE} WHERE kind IN ('open', 'click') AND seq IS NOT NULL
  UNION
  SELECT e.appeal_id, e.seq FROM {_TABLE} e WHERE e.kind = 'delivered' AND e.seq IS NOT NULL
     AND (EXISTS (SELECT FROM mail_events_arrival a
                   WHERE a.appeal_id = e.appeal_id AND a.seq = e.seq)
       OR EXISTS (SELECT FROM mail_events_mailevent v WHERE v.appeal_id = e.appeal_id
                     AND v.seq = e.seq AND v.kind IN ('open', 'click')))"""  # noqa: S608


MEASURED = frozenset({"open", "click"})


class Row(NamedTuple):
    """An event with the message that it is tied to, as far as that is known."""

    event: Event
    appeal_id: int | None
    seq: int | None
    post_id: int


def take_waiting(seconds: float = 45.0) -> Counts:
    """Work on everything that waits, for so long. Any number of workers, any number of times."""
    counts: Counts = {"posts": 0, "events": 0, "failed": 0}
    stop_at = time.monotonic() + seconds
    while time.monotonic() < stop_at:
        ids = _waiting()
        if not ids or not _take(ids, counts):
            break
    return counts


def _waiting() -> list[int]:
    rows = EventPost.objects.filter(state=EventPost.State.STORED, next_try_at__lte=clock.real_now())
    return list(rows.order_by("next_try_at", "pk").values_list("pk", flat=True)[:AT_ONCE])


def _take(ids: list[int], counts: Counts) -> bool:
    """False when another worker is at it."""
    try:
        done = _work(ids)
    except Exception as error:
        if len(ids) > 1:
            return all(_take([pk], counts) for pk in ids)
        _note_failure(ids[0], error)
        counts["failed"] += 1
        return True
    if done is None:
        return False
    counts["posts"] += len(ids)
    counts["events"] += done
    return True


@transaction.atomic
@collector.away()
def _work(ids: list[int]) -> int | None:
    """The events of these posts; None when another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        if not cursor.fetchone()[0]:
            return None
    waiting = EventPost.objects.filter(pk__in=ids, state=EventPost.State.STORED)
    posts = list(waiting.select_for_update(skip_locked=True).order_by("pk"))
    now = clock.now()
    read: list[tuple[Event, int]] = []
    known: dict[str, Event] = {}
    for post in posts:
        events = reading.read(_opened(post), now)
        # What was told twice in one go is worked on once; a twin that says something else is not.
        read += [
            (event, post.pk)
            for event in events
            if (first := known.setdefault(event.id, event)) is event or first != event
        ]
        post.events = len(events)
        post.strange = sum(event.kind == reading.STRANGE for event in events)
    _keep(_named(read))
    doubts.settle_batches(event for event, _post in read)
    _finish(posts)
    return sum(post.events or 0 for post in posts)


def _named(read: Sequence[tuple[Event, int]]) -> list[Row]:
    """Events of posts, each with the message that it names."""
    named = tokens.read_many(event.token for event, _post in read)
    whose = {text: (token.appeal_id, token.seq or None) for text, token in named.items()}
    rows = []
    for event, post_id in read:
        appeal_id, seq = whose.get(event.token, (None, None))
        rows.append(Row(event, appeal_id, seq, post_id))
    return rows


def _keep(rows: Sequence[Row]) -> None:
    """Tie events to messages, keep each once, roll them up and act on people."""
    tied = tying.tie(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_TABLE}")
        cursor.execute(_MAKE)
        copying.lines_into(_TABLE, _COLUMNS, map(_line, tied))
        fresh = people.unseen(tied)  # before they are kept
        if any(row.event.kind in MEASURED for row in tied):
            cursor.execute(_UNFOLLOW)
        cursor.execute(_KEEP)
        fates.note_from(_TABLE)
        cursor.execute(_JUDGE)
    people.act(fresh)


def _line(row: Row) -> str:
    """A line of COPY's text form: numbers and codes of ours, nothing that has to be escaped."""
    event, null = row.event, copying.NULL
    appeal = null if row.appeal_id is None else row.appeal_id
    seq = null if row.seq is None else row.seq
    link = null if event.link is None else event.link
    return (
        f"{event.id}\t{appeal}\t{seq}\t{event.kind}\t{event.epoch}\t{event.code}\t{link}"
        f"\t{event.mail or null}\t{row.post_id}\n"
    )


def _opened(post: EventPost) -> bytes:
    digest = bytes(post.sha256)
    return zlib.decompress(crypto.unseal(bytes(post.sealed), context=intake.context(digest)))


_FINISH = """
  UPDATE mail_events_eventpost p
     SET state = 'done', done_at = %s, error = '', tries = p.tries + 1, events = n.events,
         strange = n.strange
    FROM unnest(%s::bigint[], %s::int[], %s::int[]) n (id, events, strange) WHERE p.id = n.id"""


def _finish(posts: Sequence[EventPost]) -> None:
    columns = [[getattr(post, name) for post in posts] for name in ("pk", "events", "strange")]
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [clock.real_now(), *columns])


def _note_failure(pk: int, error: Exception) -> None:
    """Wait longer each time; what can't be read at all is parked at once."""
    post = EventPost.objects.defer("sealed").get(pk=pk)
    tries = post.tries + 1
    parked = tries >= MOST_TRIES or isinstance(error, Unreadable)
    wait = min(FIRST_WAIT * (1 << min(tries - 1, 12)), LONGEST_WAIT)
    EventPost.objects.filter(pk=pk, state=EventPost.State.STORED).update(
        tries=F("tries") + 1,
        error=describe(error)[:200],
        state=EventPost.State.PARKED if parked else EventPost.State.STORED,
        next_try_at=clock.real_now() + wait,
    )
    log.warning("mail_events_failed", post=pk, tries=tries, exc_info=error)
    if parked:
        jobs.raise_alarm(PARKED, str(pk), f"A post of mail events was parked after {tries} tries")


def retry_parked() -> int:
    """Put parked posts back in line, once their cause is mended. Returns how many."""
    retried = EventPost.objects.filter(state=EventPost.State.PARKED).update(
        state=EventPost.State.STORED, tries=0, next_try_at=clock.real_now()
    )
    jobs.resolve_alarms(PARKED)
    return retried
