"""Count gifts and pledges to appeals: set by set, any number of times, always the same.

In this order:

    link    the reference of the gift names a message or an appeal (a token in the link), or a
            letter (its OCR number)
    code    it names a code that staff printed
    window  the giver was mailed an appeal of the same campaign at most `attribution_days` before:
            the last such mail counts, the first is told beside it
    none    nothing of the kind

A donor who raises a monthly gift is counted in the same way, by the day of the raise: what is given
more each month is the appeal's, while the gifts stay with what the pledge was begun by.

A gift that a pledge brought follows its pledge, which is counted by the day it was begun. A link
that was passed on counts to the appeal, not to the message's receiver. The rows hold no money: what
is given back is taken off by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Lower

from fundraise import clock
from mailings import tokens
from mailings.appeals.models import Appeal
from mailings.attribution.models import Letter, SourceCode

# What the references say, as arrays: they are read here, where the keys are.
_NAMES = """names (reference, appeal_id, seq, extra, code_id) AS MATERIALIZED (
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::int[], %s::int[], %s::bigint[]))"""
# A mail that the asked person had got at most so many days before the money, first or last.
_MAILED = """
  LEFT JOIN LATERAL (
    SELECT m.appeal_id, m.seq, m.content_id, b.posted_at
      FROM appeals_appeal ap
      JOIN appeals_message m ON m.appeal_id = ap.id AND m.donor_id = ANY(ARRAY(
             SELECT a.donor_id UNION ALL
             SELECT gone_id FROM donors_donormerge WHERE kept_id = a.donor_id))
      JOIN appeals_batch b ON b.id = m.batch_id
     WHERE ap.campaign_id = a.campaign_id
       AND ap.started_at <= a.at
       AND coalesce(ap.ended_at, 'infinity') >= a.at - make_interval(days => a.days)
       AND m.outcome = '' AND b.state = 'accepted'
       AND b.posted_at <= a.at AND b.posted_at >= a.at - make_interval(days => a.days)
     ORDER BY b.posted_at {order}, m.appeal_id {order} LIMIT 1) {name} ON true"""
_COLUMNS = (
    "way", "appeal_id", "seq", "content_id", "code_id", "passed_on", "first_appeal_id", "first_at",
    "last_at", "donor_id",
)  # fmt: skip
# What one asked row is counted to, from its reference and the mails before it.
_TOUCH = f"""
  SELECT a.id,
         CASE WHEN n.appeal_id IS NOT NULL THEN 'link' WHEN n.code_id IS NOT NULL THEN 'code'
              WHEN last.appeal_id IS NOT NULL THEN 'window' ELSE 'none' END AS way,
         CASE WHEN n.appeal_id IS NOT NULL THEN n.appeal_id
              WHEN n.code_id IS NOT NULL THEN code.appeal_id ELSE last.appeal_id END AS appeal_id,
         CASE WHEN n.appeal_id IS NOT NULL
              THEN CASE WHEN coalesce(one.kept_id, linked.donor_id) = a.donor_id THEN n.seq END
              WHEN n.code_id IS NULL THEN last.seq END AS seq,
         CASE WHEN n.appeal_id IS NOT NULL THEN coalesce(linked.content_id, whose.id)
              WHEN n.code_id IS NULL THEN last.content_id END AS content_id,
         n.code_id,
         coalesce(coalesce(one.kept_id, linked.donor_id) <> a.donor_id, false) AS passed_on,
         coalesce(first.appeal_id, CASE WHEN n.code_id IS NOT NULL THEN code.appeal_id
                                        ELSE n.appeal_id END) AS first_appeal_id,
         first.posted_at AS first_at,
         CASE WHEN n.appeal_id IS NOT NULL THEN linked_batch.posted_at
              WHEN n.code_id IS NULL THEN last.posted_at END AS last_at,
         a.donor_id
    FROM asked a
    LEFT JOIN names n ON n.reference = a.reference
    LEFT JOIN appeals_message linked ON linked.appeal_id = n.appeal_id AND linked.seq = n.seq
    LEFT JOIN donors_donormerge one ON one.gone_id = linked.donor_id
    LEFT JOIN appeals_batch linked_batch ON linked_batch.id = linked.batch_id
    LEFT JOIN appeals_variant v ON v.appeal_id = n.appeal_id AND n.seq IS NULL
                               AND v.letter = chr(65 + n.extra / 2)
    LEFT JOIN appeals_content whose ON whose.variant_id = v.id
          AND whose.language = CASE mod(n.extra, 2) WHEN 1 THEN 'en' ELSE 'sv' END
    LEFT JOIN attribution_sourcecode code ON code.id = n.code_id
    {_MAILED.format(order="DESC", name="last")}
    {_MAILED.format(order="ASC", name="first")}"""  # noqa: S608 - constants of this file
_SET = ", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS)
_OLD = ", ".join(f"t.{name}" for name in _COLUMNS)
_NEW = ", ".join(f"EXCLUDED.{name}" for name in _COLUMNS)

_GIFTS = """
  SELECT g.id, g.donor_id, g.campaign_id, g.reference, g.received_at AS at,
         c.attribution_days AS days, i.pledge_id
    FROM gifts_gift g JOIN campaigns_campaign c ON c.id = g.campaign_id
    LEFT JOIN pledges_collection pc ON pc.gift_id = g.id
    LEFT JOIN pledges_instalment i ON i.id = pc.instalment_id
   WHERE g.state = 'received' AND {which}"""
_COUNT_GIFTS = f"""
  WITH {_NAMES}, asked AS MATERIALIZED ({_GIFTS}), alone AS ({
    _TOUCH.replace("FROM asked a", "FROM (SELECT * FROM asked WHERE pledge_id IS NULL) a")
})
  INSERT INTO attribution_gifttouch AS t (gift_id, pledge_id, {", ".join(_COLUMNS)})
  SELECT id, NULL, {", ".join(_COLUMNS)} FROM alone
  UNION ALL
  SELECT a.id, a.pledge_id, CASE WHEN p.way IS NULL OR p.way = 'none' THEN 'none' ELSE 'pledge' END,
         p.appeal_id, p.seq, p.content_id, p.code_id, coalesce(p.passed_on, false),
         p.first_appeal_id, p.first_at, p.last_at, a.donor_id
    FROM asked a LEFT JOIN attribution_pledgetouch p ON p.pledge_id = a.pledge_id
   WHERE a.pledge_id IS NOT NULL
  ON CONFLICT (gift_id) DO UPDATE SET {_SET}, pledge_id = EXCLUDED.pledge_id
  WHERE ({_OLD}, t.pledge_id) IS DISTINCT FROM ({_NEW}, EXCLUDED.pledge_id)"""  # noqa: S608

_PLEDGES = """
  SELECT p.id, p.donor_id, p.campaign_id, p.reference, p.created_at AS at,
         c.attribution_days AS days
    FROM pledges_pledge p JOIN campaigns_campaign c ON c.id = p.campaign_id
   WHERE p.state <> 'unconfirmed' AND {which}"""
# A donor's own raises of a monthly gift, by the day that each was made.
_RAISES = """
  SELECT ch.id, p.donor_id, p.campaign_id, ch.reference, ch.made_at AS at,
         c.attribution_days AS days
    FROM pledges_pledgechange ch JOIN pledges_pledge p ON p.id = ch.pledge_id
    JOIN campaigns_campaign c ON c.id = p.campaign_id
   WHERE ch.kind = 'amount' AND ch.by = 'donor'
     AND (ch.after ->> 'amount_ore')::bigint > (ch.before ->> 'amount_ore')::bigint AND {which}"""


def _count_each(asked: str, table: str, key: str) -> str:
    """The statement that counts rows which have a touch of their own."""
    return f"""
  WITH {_NAMES}, asked AS MATERIALIZED ({asked})
  INSERT INTO {table} AS t ({key}, {", ".join(_COLUMNS)})
  {_TOUCH}
  ON CONFLICT ({key}) DO UPDATE SET {_SET}
  WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})"""


_COUNT_PLEDGES = _count_each(_PLEDGES, "attribution_pledgetouch", "pledge_id")
_COUNT_RAISES = _count_each(_RAISES, "attribution_raisetouch", "change_id")

# What has no row yet, or one from before its donor was known.
_LEFT_GIFTS = """(NOT EXISTS (SELECT FROM attribution_gifttouch t WHERE t.gift_id = g.id
      AND t.donor_id IS NOT DISTINCT FROM g.donor_id))"""
_LEFT_PLEDGES = """(NOT EXISTS (SELECT FROM attribution_pledgetouch t WHERE t.pledge_id = p.id
      AND t.donor_id IS NOT DISTINCT FROM p.donor_id))"""

_LEFT_RAISES = """(NOT EXISTS (SELECT FROM attribution_raisetouch t WHERE t.change_id = ch.id
      AND t.donor_id IS NOT DISTINCT FROM p.donor_id))"""


@dataclass(frozen=True, slots=True)
class Which:
    """Which rows are counted: SQL of this package, and its values."""

    sql: str
    values: Sequence[Any] = ()


EVERY = Which("true")


def count_gifts(ids: Iterable[int]) -> int:
    """Count these received gifts. Returns how many changed."""
    return _count(_COUNT_GIFTS, _GIFTS, Which("g.id = ANY(%s)", [list(ids)]))


def count_pledges(ids: Iterable[int]) -> int:
    """Count these pledges, and the gifts that they have brought already."""
    wanted = list(ids)
    changed = _count(_COUNT_PLEDGES, _PLEDGES, Which("p.id = ANY(%s)", [wanted]))
    of_pledges = Which("g.origin = 'pledge' AND i.pledge_id = ANY(%s)", [wanted])
    return changed + _count(_COUNT_GIFTS, _GIFTS, of_pledges)


def count_raises(pledge_ids: Iterable[int]) -> int:
    """Count how often these pledges were raised."""
    return _count(_COUNT_RAISES, _RAISES, Which("ch.pledge_id = ANY(%s)", [list(pledge_ids)]))


def count_left(days: int | None = None) -> int:
    """Count what was missed, or whose donor is known now: of the last days, or of all time."""
    recent = "true" if days is None else "{} >= %s"
    values = [] if days is None else [clock.now() - timedelta(days=days)]
    changed = _count(
        _COUNT_PLEDGES,
        _PLEDGES,
        Which(f"{_LEFT_PLEDGES} AND {recent.format('p.created_at')}", values),
    )
    changed += _count(
        _COUNT_RAISES, _RAISES, Which(f"{_LEFT_RAISES} AND {recent.format('ch.made_at')}", values)
    )
    return changed + _count(
        _COUNT_GIFTS, _GIFTS, Which(f"{_LEFT_GIFTS} AND {recent.format('g.created_at')}", values)
    )


def rebuild() -> int:
    """Count everything anew. Returns how many rows were not as they should be."""
    changed = _count(_COUNT_PLEDGES, _PLEDGES, EVERY) + _count(_COUNT_RAISES, _RAISES, EVERY)
    return changed + _count(_COUNT_GIFTS, _GIFTS, EVERY)


@transaction.atomic
def _count(statement: str, asked: str, which: Which) -> int:
    with connection.cursor() as cursor:
        # The same rows are counted by one at a time.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('attribution'))")
        wanted = asked.format(which=which.sql)
        cursor.execute(
            f"SELECT DISTINCT reference FROM ({wanted}) a WHERE reference <> ''",  # noqa: S608
            which.values,
        )
        names = _named([reference for (reference,) in cursor.fetchall()])
        cursor.execute(statement.replace("{which}", which.sql), [*names, *which.values])
        changed: int = cursor.rowcount
    return changed


def _named(references: list[str]) -> list[list[Any]]:
    """What each reference names: references, appeals, numbers, versions, codes."""
    rows: list[tuple[Any, ...]] = []
    if references:
        said = tokens.read_many(references)
        asked = {token.appeal_id for token in said.values()}
        appeals = set(Appeal.objects.filter(pk__in=asked).values_list("pk", flat=True))
        codes = _codes({reference.lower() for reference in references if reference not in said})
        letters = _letters(references)
        for reference in references:
            token = said.get(reference)
            if token is not None and token.appeal_id in appeals:
                rows.append((reference, token.appeal_id, token.seq or None, token.extra, None))
            elif reference in letters:
                rows.append((reference, letters[reference], None, 0, None))
            elif reference.lower() in codes:
                rows.append((reference, None, None, 0, codes[reference.lower()]))
    return [list(column) for column in zip(*rows, strict=True)] or [[], [], [], [], []]


def _letters(references: list[str]) -> dict[str, int]:
    """The appeals of letters whose OCR number was given."""
    numbers = {one: number for one in references if (number := Letter.number_of(one))}
    appeals = dict(Letter.objects.filter(pk__in=numbers.values()).values_list("pk", "appeal_id"))
    return {one: appeals[number] for one, number in numbers.items() if number in appeals}


def _codes(names: set[str]) -> dict[str, int]:
    known = SourceCode.objects.annotate(name=Lower("code")).filter(name__in=names)
    return dict(known.values_list("name", "pk"))
