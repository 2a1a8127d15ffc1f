"""What a journey would have done last month: shown before it is switched on. Reads only.

The past is known for what happened and for gifts; a reason that can't be asked of the past (is the
draw still missed?) is taken to hold, so that the numbers are the most that would have been sent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from fundraise import clock
from mailings.journeys import services, triggers
from mailings.journeys.models import Journey
from mailings.journeys.triggers import Event, Span

DAYS = 30


@dataclass(slots=True)
class Simulated:
    """How many would have entered and been mailed, by day and step."""

    since: date
    until: date
    entered: int = 0
    left_by_gift: int = 0
    mailed: Counter[int] = field(default_factory=Counter)
    by_day: Counter[date] = field(default_factory=Counter)
    donors: list[int] = field(default_factory=list)


def simulate(journey: Journey, now: datetime, days: int = DAYS) -> Simulated:
    """The last days as if the journey had run; nobody is mailed and nothing is written."""
    span = Span(now - timedelta(days=days), now)
    result = Simulated(clock.local_date(span.since), clock.local_date(span.until))
    events = _first_of_each(triggers.found(journey, span))
    began = events[0].at if events else now
    gave = triggers.gifts_after((event.donor_id for event in events), began)
    waits = list(journey.steps.values_list("number", "wait_days"))
    result.entered = len(events)
    result.donors = [event.donor_id for event in events[:10]]
    for event in events:
        later = gave.get(event.donor_id, []) if journey.exit_on_gift else []
        _walk(event, waits, [at for at in later if at > event.at], result)
    return result


def _first_of_each(events: list[Event]) -> list[Event]:
    """One on the way for each donor at a time: the first event of the span."""
    first: dict[int, Event] = {}
    for event in events:
        first.setdefault(event.donor_id, event)
    return list(first.values())


def _walk(
    event: Event, waits: list[tuple[int, int]], gifts: list[datetime], result: Simulated
) -> None:
    at = event.at
    for number, days in waits:
        at = services.due_at(at, days)
        if any(given <= at for given in gifts):
            result.left_by_gift += 1
            return
        result.mailed[number] += 1
        result.by_day[clock.local_date(at)] += 1
