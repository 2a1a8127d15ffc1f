"""What events do to people: set by set, each once, and never against what came later.

came back, address invalid or gone     no mail at all any more
refused by the host                    after three times in thirty days without a delivery
content, reputation, frequency, fault  nobody's address is to blame: an alarm about the appeal
called spam                            no appeals any more, for good
unsubscribed at the sender             no appeals any more
left out by the sender's own list      ours was behind: the same as what put it there
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q

from fundraise import clock
from fundraise.jobs import services as jobs
from mailings.appeals.models import Appeal, Fate
from mailings.mail_events.models import MailEvent
from mailings.suppressions import services as suppressions
from mailings.suppressions.models import Suppression
from mailings.suppressions.queries import keys_of

if TYPE_CHECKING:
    from mailings.mail_events.taking import Row

Reason = Suppression.Reason
BY = "system:mail-events"
SOURCE = "sendgrid"
ACTING = frozenset({"bounced", "blocked", "dropped", "complained", "unsubscribed"})
OURS = frozenset({"content", "reputation", "frequency", "technical"})  # our fault, or nobody's
BLOCKS, BLOCKED_WITHIN = 3, timedelta(days=30)
REPUTATION = "appeal-reputation"
DROPPED_FOR = {
    "bounced": Reason.BOUNCE,
    "unsubscribed": Reason.UNSUBSCRIBED,
    "spam": Reason.COMPLAINT,
    "invalid": Reason.INVALID,
}

_KEYS = """
  SELECT m.appeal_id, m.seq, m.email_key FROM appeals_message m
    JOIN unnest(%s::bigint[], %s::int[]) k (appeal_id, seq)
      ON m.appeal_id = k.appeal_id AND m.seq = k.seq"""
# Of each address: how often it was refused since its last delivery, in the window.
_BLOCKS = """
  SELECT k.email_key, count(*) FILTER (
           WHERE f.blocked_at > coalesce(last.delivered_at, '-infinity'))
    FROM unnest(%s::bytea[]) k (email_key)
    CROSS JOIN LATERAL (
      SELECT max(f.delivered_at) AS delivered_at
        FROM unnest(%s::bigint[]) a (id)
        JOIN appeals_message m ON m.appeal_id = a.id AND m.email_key = k.email_key
        JOIN appeals_fate f ON f.appeal_id = m.appeal_id AND f.seq = m.seq) last
    CROSS JOIN unnest(%s::bigint[]) a (id)
    JOIN appeals_message m ON m.appeal_id = a.id AND m.email_key = k.email_key
    JOIN appeals_fate f ON f.appeal_id = m.appeal_id AND f.seq = m.seq
   WHERE f.blocked_at >= %s
   GROUP BY k.email_key"""


def unseen(rows: Iterable[Row]) -> list[Row]:
    """Those that may act on somebody and were not kept before."""
    acting = [row for row in rows if row.event.kind in ACTING]
    seen = MailEvent.objects.filter(pk__in=[row.event.id for row in acting])
    known = {pk.hex for pk in seen.values_list("pk", flat=True)}
    return [row for row in acting if row.event.id not in known]


def act(rows: Sequence[Row]) -> int:
    """Keep away whom these events say to; ring for what is our own fault. Returns how many."""
    if not rows:
        return 0
    keys = _keys(rows)
    new = [
        (suppressions.New(key, reason, SOURCE, event=row.event.id), row.event.epoch)
        for row, key in zip(rows, keys, strict=True)
        if key is not None and (reason := _reason(row)) is not None
    ]
    blocked = {
        key: row.event
        for row, key in zip(rows, keys, strict=True)
        if key is not None and row.event.kind == "blocked" and row.event.code not in OURS
    }
    new += [
        (suppressions.New(key, Reason.BLOCKED, SOURCE, event=blocked[key].id), blocked[key].epoch)
        for key in _refused_often(list(blocked))
    ]
    _ring(rows)
    return suppressions.suppress_many(_not_lifted_since(new), by=BY)


def _reason(row: Row) -> Reason | None:
    kind, code = row.event.kind, row.event.code
    if kind == "bounced":
        return None if code in OURS else Reason.BOUNCE
    if kind == "dropped":
        return DROPPED_FOR.get(code)
    return {"complained": Reason.COMPLAINT, "unsubscribed": Reason.UNSUBSCRIBED}.get(kind)


def _keys(rows: Sequence[Row]) -> list[bytes | None]:
    """The keyed hash of each event's address: the message's own, else of what the event says."""
    named = [row for row in rows if row.seq is not None]
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [[row.appeal_id for row in named], [row.seq for row in named]])
        of_message = {
            (appeal, seq): bytes(key) for appeal, seq, key in cursor.fetchall() if key is not None
        }
    found: list[bytes | None] = []
    for row in rows:
        key = of_message.get((row.appeal_id, row.seq))
        found.append(key or next(iter(keys_of(row.event.email)), None))
    return found


def _refused_often(keys: list[bytes]) -> list[bytes]:
    if not keys:
        return []
    since = clock.now() - BLOCKED_WITHIN
    lately = Appeal.objects.filter(started_at__gte=since - timedelta(days=4))  # three days' tries
    appeals = list(lately.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, [keys, appeals, appeals, since])
        return [bytes(key) for key, blocks in cursor.fetchall() if blocks >= BLOCKS]


def _not_lifted_since(new: Sequence[tuple[suppressions.New, int]]) -> list[suppressions.New]:
    """Not what was lifted after it happened: the sender tells some events again days later."""
    rows = Suppression.objects.filter(
        email_key__in=[one.email_key for one, _epoch in new], lifted_at__isnull=False
    )
    lifted = {
        (bytes(key), reason): at
        for key, reason, at in rows.values_list("email_key", "reason").annotate(Max("lifted_at"))
    }
    never = datetime.min.replace(tzinfo=UTC)
    return [
        one
        for one, epoch in new
        if datetime.fromtimestamp(epoch, UTC) > lifted.get((one.email_key, str(one.reason)), never)
    ]


def _ring(rows: Sequence[Row]) -> None:
    """Our content or name is refused: the appeal is to be looked at, nobody's address."""
    said = Counter(row.appeal_id for row in rows if row.appeal_id and row.event.code in OURS)
    for appeal in Appeal.objects.filter(pk__in=said):
        refused = Fate.objects.filter(
            Q(bounce_class__in=OURS) | Q(block_class__in=OURS), appeal=appeal
        ).count()
        if refused >= settings.MAIL_REFUSED_ALARM:
            jobs.raise_alarm(
                REPUTATION,
                str(appeal.ref),
                "Mail hosts refuse an appeal for its content or our name: look before more leaves",
            )
