"""Who of an appeal by mail gets a letter: those it would choose who have no e-mail, but an address.

A mail's list holds only people with an e-mail, so the others are chosen here by what chose the
list: its criteria as they were frozen, asked of people who can be written to. A reminder's letters
go to those who got a letter of the appeal that it reminds of, and have not given since. Two records
that are one now are one person here too.
"""

from __future__ import annotations

import copy
from dataclasses import fields
from typing import Any

from django.db import connection

from mailings.appeals import audience
from mailings.appeals.models import Appeal
from mailings.segments import asking, bits
from mailings.segments import audience as segments
from mailings.segments.audience import Options
from mailings.segments.tree import parse

OPTIONS = tuple(one.name for one in fields(Options))
# Whose address was gone when the mail was prepared, and whom the list could not hold.
_WITHOUT = """
  SELECT coalesce(one.kept_id, m.donor_id) AS donor_id, m.targeted FROM appeals_message m
    LEFT JOIN donors_donormerge one ON one.gone_id = m.donor_id
   WHERE m.appeal_id = %s AND m.outcome = 'no_address'"""
_CHOSEN = f"""
  SELECT a.donor_id, a.targeted FROM ({{people}}) a
    JOIN segments_profile p ON p.donor_id = a.donor_id AND p.bits & {bits.EMAIL} = 0"""  # noqa: S608
_NOT_GIVEN = """
  SELECT DISTINCT coalesce(one.kept_id, l.donor_id) AS donor_id FROM attribution_letter l
    LEFT JOIN donors_donormerge one ON one.gone_id = l.donor_id
   WHERE l.appeal_id = %s AND NOT EXISTS (
         SELECT FROM gifts_gift g WHERE g.donor_id = coalesce(one.kept_id, l.donor_id)
            AND g.campaign_id = %s AND g.state = 'received' AND g.received_at >= l.made_at)"""
# Who is one of two records now and got the mail by the one gets no letter for the other.
_NOT_MAILED = """
  SELECT w.donor_id, w.targeted FROM ({people}) w WHERE w.donor_id NOT IN (
         SELECT one.kept_id FROM donors_donormerge one
           JOIN appeals_message m ON m.donor_id = ANY(ARRAY[one.gone_id, one.kept_id])
           LEFT JOIN appeals_fate f ON f.appeal_id = m.appeal_id AND f.seq = m.seq
          WHERE m.appeal_id = %s AND m.outcome = '' AND f.bounced_at IS NULL)"""


def people(appeal: Appeal) -> tuple[str, list[Any]]:
    """SQL of donor_id and targeted, for an appeal by mail that is frozen."""
    without = _NOT_MAILED.format(people=_WITHOUT)
    more = _reminded(appeal) if appeal.people_of_id is not None else _by_criteria(appeal)
    if more is None:
        return without, [appeal.pk, appeal.pk]
    sql, params = more
    return f"{without} UNION ALL {sql}", [appeal.pk, appeal.pk, *params]


def _by_criteria(appeal: Appeal) -> tuple[str, list[Any]] | None:
    """By what chose the list; None of an appeal that was frozen before that was kept."""
    kept = appeal.criteria
    if "tree" not in kept:
        return None
    options = Options(**{name: kept[name] for name in OPTIONS if name in kept} | {"by_post": True})
    asking.refresh()
    found = segments.audience(parse(kept["tree"]), options, appeal.campaign)
    return _CHOSEN.format(people=found.sql), list(found.params)


def _reminded(appeal: Appeal) -> tuple[str, list[Any]]:
    found = audience.these(_not_given(appeal), appeal)
    return _NOT_MAILED.format(people=found.sql), [*found.params, appeal.pk]


def _not_given(appeal: Appeal) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NOT_GIVEN, [appeal.people_of_id, appeal.campaign_id])
        return [pk for (pk,) in cursor.fetchall()]


def number(appeal: Appeal) -> int:
    """How many would get a letter, as things stand now, of an appeal that is not frozen yet."""
    if appeal.people_of_id is not None:
        return len(_not_given(appeal))
    posted = copy.copy(appeal)
    posted.kind = Appeal.Kind.LETTER
    chosen = audience.of(posted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({_CHOSEN.format(people=chosen.sql)}) c",  # noqa: S608
            chosen.params,
        )
        return int(cursor.fetchone()[0])
