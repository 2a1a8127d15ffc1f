"""What an appeal added: those who were asked against those whom the lot left out to compare with.

Both parts were drawn by one lot, so what differs between them is what the appeal did, whoever a
gift is counted to. Everything that they gave to the campaign is looked at, from when the list was
frozen until the campaign's days are over. Who was left out by the lot and who was drawn to be asked
are the parts; that somebody gave, said no or was refused after that changes no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from fundraise import clock
from fundraise.gifts.models import Gift
from mailings.appeals.models import Appeal, Message

LEAST_GIVERS = 20  # of fewer nothing can be said, as in a trial of versions
SURE = 1.96  # nineteen times of twenty

_PEOPLE = """
  SELECT count(*) FILTER (WHERE content_id <> 0 AND outcome <> 'holdout'),
         count(*) FILTER (WHERE outcome = 'holdout')
    FROM appeals_message WHERE appeal_id = %s"""
_GIVEN = """
  SELECT held, count(*), sum(ore), sum(ore::float8 * ore) FROM (
    SELECT m.outcome = 'holdout' AS held, m.donor_id,
           sum(g.amount_ore - g.refunded_ore - g.disputed_ore)::bigint AS ore
      FROM gifts_gift g
      JOIN LATERAL (SELECT g.donor_id AS id UNION ALL
                    SELECT gone_id FROM donors_donormerge WHERE kept_id = g.donor_id) who ON true
      JOIN appeals_message m ON m.appeal_id = %s AND m.donor_id = who.id
     WHERE g.campaign_id = %s AND g.state = 'received'
       AND g.received_at >= %s AND g.received_at < %s
       AND (m.content_id <> 0 OR m.outcome = 'holdout')
     GROUP BY 1, 2) p WHERE ore > 0 GROUP BY held"""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two: its people, and what they gave."""

    people: int
    givers: int = 0
    ore: int = 0
    squares: float = 0.0  # of what each gave, for how sure it is

    @property
    def each_ore(self) -> float:
        return self.ore / self.people if self.people else 0.0

    @property
    def doubt(self) -> float:
        """The variance of the mean."""
        if self.people < 2:
            return 0.0
        return max(self.squares / self.people - self.each_ore**2, 0.0) / (self.people - 1)


@dataclass(frozen=True, slots=True)
class Added:
    """The two parts, until when they are looked at, and the difference."""

    asked: Part
    held: Part
    until: datetime
    is_over: bool

    @property
    def each_ore(self) -> float:
        """What each person who was asked gave more than one who was not."""
        return self.asked.each_ore - self.held.each_ore

    @property
    def margin_ore(self) -> float:
        return SURE * sqrt(self.asked.doubt + self.held.doubt)

    @property
    def total_ore(self) -> int:
        """The difference over everybody who was asked."""
        return round(self.each_ore * self.asked.people)

    @property
    def says_something(self) -> bool:
        return self.asked.givers + self.held.givers >= LEAST_GIVERS

    @property
    def may_be_chance(self) -> bool:
        return abs(self.each_ore) <= self.margin_ore


def added(appeal: Appeal) -> Added | None:
    """As things stand now; None where nobody was left out, or nothing is frozen yet."""
    if not appeal.holdout_percent or appeal.frozen_at is None:
        return None
    asked, held = _ask(_PEOPLE, appeal.pk)[0]
    if not held:
        return None
    until = _until(appeal)
    rows = _ask(_GIVEN, appeal.pk, appeal.campaign_id, appeal.frozen_at, until)
    given = {is_held: (givers, int(ore), squares) for is_held, givers, ore, squares in rows}
    return Added(
        Part(asked, *given.get(False, ())),
        Part(held, *given.get(True, ())),
        until,
        until <= clock.now(),
    )


def gifts_of(appeal: Appeal, *, held: bool) -> QuerySet[Gift]:
    """The gifts behind one of the parts, the newest first."""
    part = Q(outcome=Message.Outcome.HOLDOUT)
    people = Message.objects.filter(part if held else ~part & Q(content_id__gt=0), appeal=appeal)
    return Gift.objects.filter(
        donor__in=people.values("donor_id"),
        campaign=appeal.campaign_id,
        state=Gift.State.RECEIVED,
        received_at__gte=appeal.frozen_at,
        received_at__lt=_until(appeal),
    ).order_by("-received_at", "-pk")


def _until(appeal: Appeal) -> datetime:
    begun = appeal.frozen_at or clock.now()
    return begun + timedelta(days=appeal.campaign.attribution_days)


def _ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
