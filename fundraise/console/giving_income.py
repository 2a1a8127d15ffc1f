"""Income of monthly giving, month by month: drawn, recovered, failed, lost, new, ended.

A month is that of the draw's day. Recovered is the part of what was drawn that came at a new try;
failed is what came back, lost the months that were given up. New and ended are what monthly gifts
that began or ended in the month bring in a month.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from fundraise import clock
from fundraise.pledges import schedule
from fundraise.pledges.models import Collection, Instalment, Pledge

MONTHS = 12
SIDE = 1000  # as in history.py: the drawing is a square of so many units
CAME = ["paid", "surplus", "refunded"]
Sums = dict[date, int]


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a month's bar in the drawing's units; `group` names its colour."""

    group: str
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Month:
    """One month's sums in öre."""

    first: date
    drawn_ore: int
    recovered_ore: int
    failed_ore: int
    lost_ore: int
    new_ore: int
    ended_ore: int
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Income:
    """Twelve months, where their line of zero lies, and the most in a month."""

    rows: tuple[Month, ...]
    zero: int
    top_ore: int

    @property
    def is_empty(self) -> bool:
        return not any(
            month.drawn_ore or month.failed_ore or month.lost_ore or month.new_ore
            for month in self.rows
        )


def income(pledges: QuerySet[Pledge]) -> Income:
    """The last twelve months of some monthly gifts together."""
    firsts = _firsts(clock.today())
    draws = Collection.objects.filter(instalment__pledge__in=pledges, due_on__gte=firsts[0])
    months = Instalment.objects.filter(pledge__in=pledges, due_on__gte=firsts[0], state="missed")
    came = draws.filter(state__in=CAME)
    again = came.filter(Q(number__gt=1) | Q(instalment__retried=True))
    signed = pledges.exclude(state="unconfirmed").exclude(end_reason__in=["not_me", "lapsed"])
    ended = pledges.filter(state="ended").exclude(end_reason__in=["not_me", "lapsed"])
    sums = [
        _by_month(came, "due_on"),
        _by_month(again, "due_on"),
        _by_month(draws.filter(state="failed"), "due_on"),
        _by_month(months, "due_on"),
        _a_month(signed, "created_at"),
        _a_month(ended, "ended_at"),
    ]
    return _drawn([_month(first, [part.get(first, 0) for part in sums]) for first in firsts])


def _month(first: date, sums: list[int]) -> Month:
    drawn, recovered, failed, lost, new, ended = sums
    return Month(first, drawn, recovered, failed, lost, new, ended)


def _firsts(today: date) -> list[date]:
    this = schedule.period_of(today)
    return [schedule.add_months(this, n - MONTHS + 1) for n in range(MONTHS)]


def _by_month(rows: QuerySet[Collection] | QuerySet[Instalment], field: str) -> Sums:
    found = rows.order_by().annotate(month=TruncMonth(field)).values_list("month")
    return {month: int(ore) for month, ore in found.annotate(ore=Sum("amount_ore"))}


def _a_month(rows: QuerySet[Pledge], field: str) -> Sums:
    """What they bring in a month, by the month of an instant in Stockholm."""
    ore = ExpressionWrapper(F("amount_ore") / F("interval_months"), output_field=BigIntegerField())
    when = TruncMonth(field, tzinfo=clock.STOCKHOLM)
    dated = rows.order_by().filter(**{f"{field}__isnull": False}).annotate(at=when)
    found = dated.values_list("at").annotate(ore=Sum(ore))
    return {at.astimezone(clock.STOCKHOLM).date(): int(ore) for at, ore in found}


def _drawn(rows: list[Month]) -> Income:
    """The same months with their bars: what came above the line, what was lost below it."""
    above = max(month.drawn_ore for month in rows)
    below = max(month.lost_ore for month in rows)
    scale = max(1, above + below)
    zero = above * SIDE // scale
    made = tuple(
        Month(
            month.first, month.drawn_ore, month.recovered_ore, month.failed_ore,
            month.lost_ore, month.new_ore, month.ended_ore,
            bars=tuple(_bars(month, zero, scale)),
        )
        for month in rows
    )  # fmt: skip
    return Income(made, zero, above)


def _bars(month: Month, zero: int, scale: int) -> Iterable[Bar]:
    first = (month.drawn_ore - month.recovered_ore) * SIDE // scale
    again = month.recovered_ore * SIDE // scale
    lost = month.lost_ore * SIDE // scale
    if first:
        yield Bar("drawn", zero - first, first)
    if again:
        yield Bar("recovered", zero - first - again, again)
    if lost:
        yield Bar("lost", zero, lost)
