"""What sets a journey off. Reads only.

`found` answers for any span of time, the past too: entering people and simulating last month ask
the same question. Whether it still holds is asked anew before every mail (`holding`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.pledges import schedule, upgrading
from fundraise.pledges.models import Instalment, InstalmentTransition, Mandate, Pledge
from mailings.journeys.models import Journey

Trigger = Journey.Trigger
CARD_WARNED_DAYS = 30
LIVE = [
    Pledge.State.UNCONFIRMED,
    Pledge.State.PENDING,
    Pledge.State.ACTIVE,
    Pledge.State.PAUSED,
    Pledge.State.HALTED,
]


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a donor. `occasion` names it, so that it counts once."""

    donor_id: int
    occasion: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From (inclusive) until (exclusive)."""

    since: datetime
    until: datetime

    def days(self) -> list[date]:
        """The days in Stockholm whose morning lies in the span."""
        first, last = clock.local_date(self.since), clock.local_date(self.until)
        every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [day for day in every if self.since <= morning(day) < self.until]


def morning(day: date) -> datetime:
    """When a day's anniversaries happen: midnight in Stockholm."""
    return datetime.combine(day, time(), clock.STOCKHOLM)


def found(journey: Journey, span: Span) -> list[Event]:
    """What happened in the span that sets this journey off, in the order it happened."""
    events = FOUND[Trigger(journey.trigger)](journey, span)
    return sorted(events, key=lambda event: (event.at, event.donor_id))


# --- Gifts ----------------------------------------------------------------------------------------
def _given(journey: Journey) -> QuerySet[Gift]:
    """Known donors' gifts to its own legal entity: a district thanks for nobody else's."""
    return Gift.objects.filter(
        state=Gift.State.RECEIVED, donor__isnull=False, entity=journey.campaign.entity_id
    )


def _received(journey: Journey, span: Span) -> QuerySet[Gift]:
    return _given(journey).filter(
        received_at__gte=span.since,
        received_at__lt=span.until,
    )


def gifts_after(donor_ids: Iterable[int], since: datetime) -> dict[int, list[datetime]]:
    """When these donors have given after a moment, by donor."""
    rows = Gift.objects.filter(
        state=Gift.State.RECEIVED, donor__in=set(donor_ids), received_at__gt=since
    )
    given: dict[int, list[datetime]] = {}
    for donor, at in rows.values_list("donor_id", "received_at"):
        if donor is not None and at is not None:
            given.setdefault(donor, []).append(at)
    return given


def _of_gifts(rows: QuerySet[Gift]) -> list[Event]:
    return [
        Event(donor, f"gift:{pk}", at)
        for pk, donor, at in rows.values_list("pk", "donor_id", "received_at")
        if donor is not None and at is not None
    ]


def _thanks(journey: Journey, span: Span) -> list[Event]:
    return _of_gifts(_received(journey, span).exclude(origin="pledge"))


def _welcome(journey: Journey, span: Span) -> list[Event]:
    earlier = _given(journey).filter(
        donor=OuterRef("donor"), received_at__lt=OuterRef("received_at")
    )
    return _of_gifts(_received(journey, span).filter(~Exists(earlier)))


def _once(journey: Journey, span: Span) -> list[Event]:
    return _of_gifts(
        _received(journey, span).exclude(origin="pledge").filter(~Exists(_live_pledge()))
    )


def _live_pledge() -> QuerySet[Pledge]:
    return Pledge.objects.filter(donor=OuterRef("donor"), state__in=LIVE)


def _lapsed(journey: Journey, span: Span) -> list[Event]:
    """The newest gift was given exactly so many months before a day; none to anybody since."""
    events: list[Event] = []
    for day in span.days():
        given_from, given_to = months_before(day, journey.months)
        given = _given(journey).filter(received_at__gte=given_from, received_at__lt=given_to)
        later = Gift.objects.filter(
            donor=OuterRef("donor"),
            state=Gift.State.RECEIVED,
            received_at__gte=given_to,
            received_at__lt=morning(day),
        )
        quiet = given.filter(~Exists(later), ~Exists(_live_pledge()))
        newest = quiet.values("donor").annotate(newest=Max("pk")).values_list("donor", "newest")
        events += [Event(donor, f"gift:{pk}", morning(day)) for donor, pk in newest]
    return events


def months_before(day: date, months: int) -> tuple[datetime, datetime]:
    """From when until when a day lies so many months back: the last day of a short month stands for
    all later ones of a longer month, and a day that the month back then has not got for none."""
    first = schedule.add_months(day.replace(day=1), -months)
    length, length_then = (monthrange(m.year, m.month)[1] for m in (day, first))
    after = length_then if day.day == length else min(day.day, length_then)
    return (
        morning(first) + timedelta(days=min(day.day - 1, length_then)),
        morning(first) + timedelta(days=after),
    )


def _anniversary(journey: Journey, span: Span) -> list[Event]:
    """A day of the span is the day of the first gift in a later year (29 February: the 28th)."""
    first = _given(journey).values("donor")
    events: list[Event] = []
    for day in span.days():
        rows = first.annotate(first=Min("received_at")).filter(_on_day_of(day))
        events += [
            Event(donor, f"year:{day.year}", morning(day))
            for donor in rows.values_list("donor", flat=True)
        ]
    return events


def _on_day_of(day: date) -> Q:
    same = Q(first__month=day.month, first__day=day.day)
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year):
        same |= Q(first__month=2, first__day=29)
    return same & Q(first__year__lt=day.year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


# --- Monthly gifts --------------------------------------------------------------------------------
def _missed(journey: Journey, span: Span) -> list[Event]:
    steps = InstalmentTransition.objects.filter(
        to_state=Instalment.State.MISSED,
        at__gte=span.since,
        at__lt=span.until,
        instalment__pledge__donor__isnull=False,
        instalment__pledge__entity=journey.campaign.entity_id,
    )
    return [
        Event(donor, f"instalment:{pk}", at)
        for pk, donor, at in steps.values_list("instalment", "instalment__pledge__donor", "at")
    ]


def _ending(journey: Journey, span: Span) -> list[Event]:
    events: list[Event] = []
    theirs = Mandate.objects.filter(
        pledge__entity=journey.campaign.entity_id, pledge__donor__isnull=False
    )
    for day in span.days():
        ends = day + timedelta(days=CARD_WARNED_DAYS)
        cards = theirs.filter(state=Mandate.State.ACTIVE, card_expires_on=ends)
        events += [
            Event(donor, f"card:{pk}:{ends}", morning(day))
            for pk, donor in cards.values_list("pk", "pledge__donor")
        ]
    ended = theirs.filter(
        ended_at__gte=span.since, ended_at__lt=span.until, pledge__state=Pledge.State.HALTED
    )
    return events + [
        Event(donor, f"mandate:{pk}", at)
        for pk, donor, at in ended.values_list("pk", "pledge__donor", "ended_at")
        if at is not None
    ]


def _upgrade(journey: Journey, span: Span) -> list[Event]:
    """The sum of a monthly gift is a year old on a day of the span, and every year after."""
    rows = upgrading.unchanged_since(
        Pledge.objects.filter(
            state=Pledge.State.ACTIVE, donor__isnull=False, entity=journey.campaign.entity_id
        )
    )
    events: list[Event] = []
    for day in span.days():
        same = rows.filter(
            same_since__month=day.month,
            same_since__day=day.day,
            same_since__year__lt=day.year,
        )
        events += [
            Event(donor, f"pledge:{pk}:{day.year}", morning(day))
            for pk, donor in same.values_list("pk", "donor")
        ]
    return events


FOUND: dict[Trigger, Callable[[Journey, Span], list[Event]]] = {
    Trigger.WELCOME: _welcome,
    Trigger.THANKS: _thanks,
    Trigger.MISSED: _missed,
    Trigger.ENDING: _ending,
    Trigger.ANNIVERSARY: _anniversary,
    Trigger.LAPSED: _lapsed,
    Trigger.UPGRADE: _upgrade,
    Trigger.MONTHLY: _once,
}
