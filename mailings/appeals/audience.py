"""Who is asked: the people of a segment, of an earlier appeal, or everybody who may be.

An audience is SQL that gives (donor_id, targeted), so that a million people are never loaded to be
chosen. What is left out here was never chosen; what is left out later has a name for why
(choosing.py). `targeted` says whether a person may be picked and asked by what we know of them:
the others get standard sums.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from donors.queries import allowed
from fundraise import clock
from mailings.appeals.models import Appeal

TARGETING = "targeting"  # the purpose whose consent lets us choose and ask by what we know


@dataclass(frozen=True, slots=True)
class Audience:
    """The people as SQL with two columns, donor_id and targeted; `criteria` in words of ours."""

    sql: str
    params: list[Any] = field(repr=False)
    criteria: dict[str, Any] = field(default_factory=dict)


def of(appeal: Appeal) -> Audience:
    """Whom an appeal goes to, as things stand now."""
    if appeal.people_of_id is not None:
        chosen = _same_people(appeal)
    elif appeal.segment_version_id is not None:
        chosen = _segment(appeal.segment_version_id, appeal.purpose)
    else:
        chosen = everybody(appeal.purpose)
    return _less_givers(chosen, appeal)


def these(donor_ids: list[int]) -> Audience:
    """Named people, as a journey has them. Nobody may be targeted who did not agree."""
    sql, params = _allowed_sql(TARGETING)
    return Audience(
        "SELECT w.id AS donor_id, t.id IS NOT NULL AS targeted"  # noqa: S608 - names of our own
        f" FROM unnest(%s::bigint[]) w(id) LEFT JOIN ({sql}) t ON t.id = w.id",
        [donor_ids, *params],
        {"people": "named"},
    )


def everybody(purpose: str) -> Audience:
    """Everybody with a legal basis for the purpose."""
    may, may_params = _allowed_sql(purpose)
    target, target_params = _allowed_sql(TARGETING)
    return Audience(
        f"SELECT m.id AS donor_id, t.id IS NOT NULL AS targeted FROM ({may}) m"  # noqa: S608
        f" LEFT JOIN ({target}) t ON t.id = m.id",
        [*may_params, *target_params],
        {"people": "everybody", "purpose": purpose},
    )


def _allowed_sql(purpose: str) -> tuple[str, list[Any]]:
    sql, params = allowed(purpose).order_by().values("id").query.sql_with_params()
    return sql, list(params)


def _segment(version_id: int, purpose: str) -> Audience:
    return everybody(purpose)


_SAME = """
SELECT m.donor_id, m.targeted FROM appeals_message m
  LEFT JOIN appeals_fate f ON f.appeal_id = m.appeal_id AND f.seq = m.seq
 WHERE m.appeal_id = %s AND m.outcome = ''
   AND f.bounced_at IS NULL AND f.dropped_at IS NULL AND f.blocked_at IS NULL
   AND f.complained_at IS NULL AND f.unsubscribed_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM gifts_gift g WHERE g.donor_id = m.donor_id
                      AND g.campaign_id = %s AND g.state = 'received' AND g.received_at >= %s)"""


def _same_people(appeal: Appeal) -> Audience:
    first = appeal.people_of
    if first is None or first.frozen_at is None:
        raise ValueError("a reminder is of an appeal that was frozen")
    return Audience(
        _SAME,
        [first.pk, first.campaign_id, first.frozen_at],
        {"people": "of_appeal", "appeal": str(first.ref)},
    )


_GAVE = """
 AND NOT EXISTS (SELECT 1 FROM gifts_gift g WHERE g.donor_id = a.donor_id AND g.campaign_id = %s
                    AND g.state = 'received' AND g.received_at >= %s)"""
_MONTHLY = """
 AND NOT EXISTS (SELECT 1 FROM pledges_pledge p WHERE p.donor_id = a.donor_id
                    AND p.state IN ('pending', 'active', 'paused', 'halted'))"""


def _less_givers(chosen: Audience, appeal: Appeal) -> Audience:
    """Without recent givers to the campaign and monthly givers, where the ticks say so."""
    sql, params = f"SELECT a.* FROM ({chosen.sql}) a WHERE true", list(chosen.params)  # noqa: S608
    if appeal.without_recent_days:
        sql += _GAVE
        params += [appeal.campaign_id, _days_ago(appeal.without_recent_days)]
    if appeal.without_monthly:
        sql += _MONTHLY
    said = {
        "without_recent_days": appeal.without_recent_days,
        "without_monthly": appeal.without_monthly,
    }
    return Audience(sql, params, chosen.criteria | said)


def _days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Size:
    """How many people an audience holds, and how many of them may not be targeted."""

    people: int
    untargeted: int


def size(audience: Audience) -> Size:
    """The exact count of both groups."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE NOT targeted)"  # noqa: S608
            f" FROM ({audience.sql}) s",
            audience.params,
        )
        people, untargeted = cursor.fetchone()
    return Size(people, untargeted)
