"""What came in over time: a campaign's curve against the pace it needs, and month by month.

The numbers are the roll-up rows that move with the ledger (campaigns.DayTotal), so the last point
of the curve is the thermometer. A refund stands on the day it was booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.campaigns.models import Campaign, DayTotal
from fundraise.gifts.models import Channel

SIDE = 1000  # the drawing is a square of this many units; the page stretches it
MONTHS = 12
GROUPS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "card": (_("Card"), (Channel.CARD,)),
    "swish": (_("Swish"), (Channel.SWISH, Channel.SWISH_NUMBER)),
    "hand": (_("Bank and cash"), (Channel.BANK, Channel.CASH)),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """Raised day by day, and the straight line that ends at the goal on the last day."""

    first: date
    last: date
    has_end: bool
    goal_ore: int
    days: tuple[tuple[date, int], ...]  # what was raised by the end of each day

    @property
    def top_ore(self) -> int:
        """The upper end of the axis; the lower one is zero."""
        return max(self.goal_ore, *(ore for _day, ore in self.days))

    @property
    def raised(self) -> str:
        """The points of a polyline."""
        return " ".join(self._point(day, ore) for day, ore in self.days)

    @property
    def needed(self) -> str:
        """The points of the line of the needed pace; empty without a last day."""
        if not self.has_end:
            return ""
        return f"{self._point(self.first, 0)} {self._point(self.last, self.goal_ore)}"

    @property
    def raised_ore(self) -> int:
        return self.days[-1][1]

    @property
    def needed_ore(self) -> int | None:
        """What an even pace would have brought in by today."""
        if not self.has_end:
            return None
        whole = (self.last - self.first).days + 1
        gone = min(whole, (self.days[-1][0] - self.first).days + 1)
        return self.goal_ore * gone // whole

    @property
    def table(self) -> Sequence[tuple[date, int]]:
        """The last day of each month, and today."""
        pairs = pairwise(self.days)
        ends = [one for one, after in pairs if one[0].month != after[0].month]
        return [*ends, self.days[-1]]

    def _point(self, day: date, ore: int) -> str:
        width = max(1, (self.last - self.first).days)
        across = (day - self.first).days * SIDE // width
        up = max(0, ore) * SIDE // max(1, self.top_ore)
        return f"{across},{SIDE - up}"


def curve(campaign: Campaign) -> Curve | None:
    """The campaign from its first day to today; None before it has begun."""
    today = clock.today()
    sums = dict(
        DayTotal.objects.filter(campaign=campaign)
        .order_by()
        .values_list("day")
        .annotate(ore=Sum("received_ore"))
    )
    first = min([campaign.starts_on, *sums])
    if first > today:
        return None
    last = max(campaign.ends_on or today, today)
    return Curve(
        first=first,
        last=last,
        has_end=campaign.ends_on is not None and campaign.ends_on > first,
        goal_ore=campaign.goal_ore,
        days=tuple(_running(sums, first, today)),
    )


def _running(sums: dict[date, int], first: date, last: date) -> Iterable[tuple[date, int]]:
    total = 0
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        total += int(sums.get(day) or 0)
        yield day, total


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a month's bar in the drawing's units; below the line when money went back."""

    group: str
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month's sums by how the money came, and its bar."""

    first: date
    parts: tuple[tuple[str, int], ...]
    bars: tuple[Bar, ...]

    @property
    def total_ore(self) -> int:
        return sum(ore for _group, ore in self.parts)


@dataclass(frozen=True, slots=True)
class Months:
    """Twelve months and where their line of zero lies in the drawing."""

    rows: tuple[Month, ...]
    zero: int
    top_ore: int

    @property
    def groups(self) -> list[tuple[str, str | Promise]]:
        return [(group, title) for group, (title, _channels) in GROUPS.items()]

    @property
    def is_empty(self) -> bool:
        return not any(ore for month in self.rows for _group, ore in month.parts)


def months(campaign_ids: Iterable[int]) -> Months:
    """The last twelve months of some campaigns together."""
    firsts = _last_months(clock.today())
    sums = _by_month_and_group(campaign_ids, firsts[0])
    found = [tuple((g, sums[first, g]) for g in GROUPS) for first in firsts]
    above = max(sum(ore for _g, ore in parts if ore > 0) for parts in found)
    below = max(sum(-ore for _g, ore in parts if ore < 0) for parts in found)
    scale = max(1, above + below)
    zero = above * SIDE // scale
    rows = [
        Month(first, parts, tuple(_bars(parts, zero, scale)))
        for first, parts in zip(firsts, found, strict=True)
    ]
    return Months(tuple(rows), zero, above)


def _last_months(today: date) -> list[date]:
    number = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - MONTHS + 1, number + 1)]


def _by_month_and_group(
    campaign_ids: Iterable[int], first: date
) -> defaultdict[tuple[date, str], int]:
    group_of = {channel: g for g, (_title, channels) in GROUPS.items() for channel in channels}
    rows = DayTotal.objects.filter(campaign__in=campaign_ids, day__gte=first)
    sums: defaultdict[tuple[date, str], int] = defaultdict(int)
    by_day = rows.order_by().values_list("day", "channel").annotate(ore=Sum("received_ore"))
    for day, channel, ore in by_day:
        sums[day.replace(day=1), group_of.get(channel, "hand")] += int(ore or 0)
    return sums


def _bars(parts: Iterable[tuple[str, int]], zero: int, scale: int) -> Iterable[Bar]:
    up = down = 0
    for group, ore in parts:
        height = abs(ore) * SIDE // scale
        if ore > 0:
            up += height
            yield Bar(group, zero - up, height)
        elif ore < 0:
            yield Bar(group, zero + down, height)
            down += height
