"""Visits to links of our mails: noted as they come, judged a little later, a message at a time.

A visit changes nothing of the donor's: it is a line that somebody or something came.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from donors.models import Donor
from fundraise import clock
from mailings.appeals.models import Link
from mailings.appeals.people import TRACKING, unfollowed_sql
from mailings.appeals.services import fates
from mailings.appeals.services.fates import Judgement
from mailings.mail_events import judging, signs
from mailings.mail_events.judging import Open, Visit
from mailings.mail_events.models import Arrival, ToJudge
from mailings.segments import services as segments
from mailings.tokens import Token

AT_ONCE = 2000  # visits judged in one transaction
Key = tuple[int, int]


def note_arrival(
    token: Token,
    *,
    link: int,
    method: str,
    headers: Mapping[str, str],
    ip: str,
    beacon: bool = False,
) -> None:
    """Note that link n was followed, or (`beacon`) that our page was shown after it.

    Two plain inserts: no row of the appeal or the donor is read or locked. Of the headers and the
    address only a code is kept.
    """
    sign = signs.of_request(method, headers, ip)
    with transaction.atomic():
        Arrival.objects.create(
            appeal_id=token.appeal_id,
            seq=token.seq,
            extra=token.extra,
            link=min(link, 32_767),
            at=clock.now(),
            beacon=beacon,
            sign=sign,
        )
        if token.seq:
            ToJudge.objects.create(appeal_id=token.appeal_id, seq=token.seq)


def judge_waiting() -> int:
    """Judge the messages of which something more is known. Returns how many were changed."""
    changed = 0
    while (did := _judge_some()) is not None:
        changed += did
    return changed


@transaction.atomic
def _judge_some() -> int | None:
    waiting = ToJudge.objects.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE]
    rows = list(waiting.values_list("pk", "appeal_id", "seq"))
    if not rows:
        return None
    ToJudge.objects.filter(pk__in=[pk for pk, _appeal, _seq in rows]).delete()
    keys = sorted({(appeal, seq) for _pk, appeal, seq in rows})
    lost = _unfollow(keys)
    return judge([key for key in keys if key not in lost])


# A mail that has left keeps its link; what it tells is the appeal's alone from then on.
_UNFOLLOW = f"""
WITH lost AS (
  SELECT m.appeal_id, m.seq FROM appeals_message m
    JOIN unnest(%s::bigint[], %s::int[]) k (appeal_id, seq)
      ON m.appeal_id = k.appeal_id AND m.seq = k.seq
   WHERE m.tracked AND {unfollowed_sql("m.donor_id")}),
 taken AS (
  UPDATE mail_events_arrival a SET seq = 0 FROM lost
   WHERE a.appeal_id = lost.appeal_id AND a.seq = lost.seq
     AND a.at >= (SELECT max(greatest(t.withdrawn_at, t.objection_at, t.ended_at))
                    FROM appeals_message m JOIN donors_legalbasis t ON t.donor_id = m.donor_id
                     AND t.purpose = '{TRACKING}'
                   WHERE m.appeal_id = a.appeal_id AND m.seq = lost.seq))
SELECT appeal_id, seq FROM lost"""  # noqa: S608 - names of ours


def _unfollow(keys: Sequence[Key]) -> set[Key]:
    """Those who agree to be followed no more; their visits since are the appeal's alone."""
    with connection.cursor() as cursor:
        cursor.execute(_UNFOLLOW, [[appeal for appeal, _seq in keys], [seq for _a, seq in keys]])
        return {(appeal, seq) for appeal, seq in cursor.fetchall()}


def judge(keys: Sequence[Key]) -> int:
    """Judge these messages by all that is known of them. Returns how many were changed."""
    visits, opens = _visits(keys), _opens(keys)
    delivered, links = _delivered(keys), _links(keys)
    judged = []
    for key in keys:
        seen = judging.judge(
            visits[key], opens[key], delivered_at=delivered.get(key), links=links.get(key, 0)
        )
        judged.append(
            Judgement(
                *key,
                human_click_at=seen.human_click_at,
                machine_click_at=seen.machine_click_at,
                human_open_at=seen.human_open_at,
                machine_open_at=seen.machine_open_at,
                click_confidence=seen.click_confidence,
            )
        )
    before = _clicked(keys)
    changed = fates.judge(judged)
    _tell(keys, before, judged)
    return changed


def _tell(keys: Sequence[Key], before: set[Key], judged: Sequence[Judgement]) -> None:
    """Who came through a link of a message for the first time, for whoever chooses people."""
    times = {
        (one.appeal_id, one.seq): one.human_click_at
        for one in judged
        if one.human_click_at is not None and (one.appeal_id, one.seq) not in before
    }
    if times:
        fresh = [key for key in keys if key in times]
        donors = {donor for _a, _s, donor in _rows("donor_id", "appeals_message", fresh)}
        known = Donor.objects.filter(pk__in=donors).values_list("pk", flat=True)
        segments.note_clicked(list(known), max(times.values()))


def _clicked(keys: Sequence[Key]) -> set[Key]:
    rows = _rows("human_click_at", "appeals_fate", keys)
    return {(appeal, seq) for appeal, seq, at in rows if at is not None}


# --- What is known of them ------------------------------------------------------------------------
def _rows(columns: str, table: str, keys: Sequence[Key], more: str = "") -> list[tuple[Any, ...]]:
    """Rows of these messages: appeal, seq and these columns; names of this file alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.appeal_id, t.seq, {columns} FROM {table} t"  # noqa: S608 - names of this file
            " JOIN unnest(%s::bigint[], %s::int[]) k (appeal_id, seq)"
            f" ON t.appeal_id = k.appeal_id AND t.seq = k.seq {more}",
            [[appeal for appeal, _seq in keys], [seq for _appeal, seq in keys]],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _visits(keys: Sequence[Key]) -> dict[Key, list[Visit]]:
    """Links followed; also what the sender measured, where somebody switched that on there."""
    found: dict[Key, list[Visit]] = defaultdict(list)
    for appeal, seq, *visit in _rows("at, link, sign, beacon", "mail_events_arrival", keys):
        found[(appeal, seq)].append(Visit(*visit))
    clicks = _rows("at, coalesce(link, 0), code", "mail_events_mailevent", keys, _CLICKS)
    for appeal, seq, *visit in clicks:
        found[(appeal, seq)].append(Visit(*visit))
    return found


_CLICKS = "WHERE t.kind = 'click'"
_OPENS = "WHERE t.kind = 'open'"


def _opens(keys: Sequence[Key]) -> dict[Key, list[Open]]:
    found: dict[Key, list[Open]] = defaultdict(list)
    for appeal, seq, at, code in _rows("at, code", "mail_events_mailevent", keys, _OPENS):
        found[(appeal, seq)].append(Open(at, code))
    return found


def _delivered(keys: Sequence[Key]) -> dict[Key, datetime | None]:
    return {(a, s): at for a, s, at in _rows("delivered_at", "appeals_fate", keys)}


def _links(keys: Sequence[Key]) -> dict[Key, int]:
    """How many links each message holds."""
    content = {(a, s): c for a, s, c in _rows("content_id", "appeals_message", keys)}
    held = Link.objects.filter(content__in=set(content.values()) - {None})
    numbers = Counter(held.values_list("content_id", flat=True))
    return {key: numbers[pk] for key, pk in content.items()}
