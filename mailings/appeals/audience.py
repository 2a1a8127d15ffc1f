"""Who is asked: the people of a segment, of an earlier appeal, or everybody who may be.

An audience is SQL that gives (donor_id, targeted, tier), each donor once, so that a million people
are never loaded to be chosen. What is left out here was never chosen; what is left out later has a
name for why (choosing.py). `targeted` says whether a person may be picked and asked by what we know
of them: the others get standard sums. `tier` says how engaged they are (segments.audience.tier).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from donors.queries import allowed
from fundraise import clock
from fundraise.ledger.models import LegalEntity
from mailings.appeals.models import Appeal, Content
from mailings.composing.checking import is_targeting
from mailings.segments import asking, queries
from mailings.segments import audience as segments
from mailings.segments.audience import Options
from mailings.segments.tree import dump, parse

TARGETING = "targeting"  # the purpose whose consent lets us choose and ask by what we know
EVERYBODY: dict[str, list[object]] = {"all": []}


@dataclass(frozen=True, slots=True)
class Audience:
    """The people as SQL (see the module); `criteria` in words of ours."""

    sql: str
    params: list[Any] = field(repr=False)
    criteria: dict[str, Any] = field(default_factory=dict)


def of(appeal: Appeal) -> Audience:
    """Whom an appeal goes to, as things stand now. Raises TreeError."""
    return _same_people(appeal) if appeal.people_of_id is not None else _chosen(appeal)


def _chosen(appeal: Appeal) -> Audience:
    """The people of the segment, or everybody where none is named."""
    version = appeal.segment_version_id
    node = parse(EVERYBODY) if version is None else queries.tree_of(version)
    options = Options(
        purpose=appeal.purpose,
        without_recent_days=appeal.without_recent_days,
        without_monthly=appeal.without_monthly,
        personal=is_personal(appeal),
        by_post=appeal.kind == Appeal.Kind.LETTER,
    )
    asking.refresh()
    found = segments.audience(node, options, appeal.campaign)
    said = {"segment_version": version, "tree": dump(node), "splits": found.splits}
    return Audience(found.sql, list(found.params), said | asdict(options))


def is_personal(appeal: Appeal) -> bool:
    """Whether its words say something of what a person gave."""
    contents = Content.objects.filter(variant__appeal=appeal).values_list("tags", flat=True)
    return any(is_targeting(tuple(tags)) for tags in contents)


def needs_consent_to_target(appeal: Appeal) -> bool:
    """Whether the law asks for it (EU Regulation 2024/900): a party's appeals."""
    return appeal.campaign.entity.kind == LegalEntity.Kind.PARTY


def these(donor_ids: list[int], appeal: Appeal) -> Audience:
    """Named people, as a journey has them: a party's may be targeted who agreed to it."""
    named = "SELECT DISTINCT id AS donor_id FROM unnest(%s::bigint[]) w(id)"
    return _who_agreed(Audience(named, [donor_ids], {"people": "named"}), appeal)


def _who_agreed(people: Audience, appeal: Appeal) -> Audience:
    """People without a choice of their own, parted by whether they may be targeted as of now."""
    engaged, agreed, may, params = segments.tier("s"), "true", "", list[Any]()
    if parted := needs_consent_to_target(appeal):
        agreed, (allowed_, params) = "t.id IS NOT NULL", _allowed_sql(TARGETING)
        may = f"LEFT JOIN ({allowed_}) t ON t.id = w.donor_id"
    sql = f"""
      SELECT w.donor_id, {agreed} AS targeted, {engaged.text} AS tier FROM ({people.sql}) w
        LEFT JOIN segments_profile p ON p.donor_id = w.donor_id
        LEFT JOIN segments_mailstanding s ON s.donor_id = w.donor_id {may}"""  # noqa: S608
    splits = parted and is_personal(appeal)
    return Audience(
        sql, [*engaged.params, *people.params, *params], people.criteria | {"splits": splits}
    )


def _allowed_sql(purpose: str) -> tuple[str, list[Any]]:
    sql, params = allowed(purpose).order_by().values("id").query.sql_with_params()
    return sql, list(params)


_SAME = """
SELECT DISTINCT coalesce(one.kept_id, m.donor_id) AS donor_id FROM appeals_message m
  LEFT JOIN donors_donormerge one ON one.gone_id = m.donor_id
  LEFT JOIN appeals_fate f ON f.appeal_id = m.appeal_id AND f.seq = m.seq
 WHERE m.appeal_id = %s AND m.outcome = ''
   AND f.bounced_at IS NULL AND f.dropped_at IS NULL AND f.blocked_at IS NULL
   AND f.complained_at IS NULL AND f.unsubscribed_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM gifts_gift g
                    WHERE g.donor_id = coalesce(one.kept_id, m.donor_id)
                      AND g.campaign_id = %s AND g.state = 'received' AND g.received_at >= %s)"""


def _same_people(appeal: Appeal) -> Audience:
    first = appeal.people_of
    if first is None or first.frozen_at is None:
        raise ValueError("a reminder is of an appeal that was frozen")
    said = {"people": "of_appeal", "appeal": str(first.ref)}
    chosen = Audience(_SAME, [first.pk, first.campaign_id, first.frozen_at], said)
    return _less_givers(_who_agreed(chosen, appeal), appeal)


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
