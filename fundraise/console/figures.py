"""The numbers of the front page: how much, at what pace, what needs me."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.campaigns.models import Campaign, DayTotal
from fundraise.console import appeal_needs, bank_needs, giving_needs, history, queues
from fundraise.console.paging import capped_count
from fundraise.console.tables.campaigns import gifts_url
from fundraise.jobs import queries as jobs
from fundraise.staff import approvals
from fundraise.staff.rights import Rights

WEEK = 7


@dataclass(frozen=True, slots=True)
class Pace:
    """What came a day in the last seven days, and what is needed a day from today on."""

    week_ore: int
    needed_ore: int | None
    days_left: int | None

    @property
    def a_day_ore(self) -> int:
        return self.week_ore // WEEK

    @property
    def is_enough(self) -> bool:
        return self.needed_ore is not None and self.a_day_ore >= self.needed_ore


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign with its sums and its pace."""

    campaign: Campaign
    received_ore: int
    goal_ore: int
    gifts: int
    donors: int
    promised_ore: int
    forecast_ore: int
    pace: Pace
    days: tuple[tuple[date, int], ...]
    curve: history.Curve | None = None

    @property
    def gifts_url(self) -> str:
        """Where the gifts that are counted stand."""
        return gifts_url(self.campaign)

    @property
    def percent(self) -> int:
        return max(0, self.received_ore) * 100 // self.goal_ore

    @property
    def parts(self) -> int:
        """Parts of ten thousand of the goal, for the bar."""
        return max(0, self.received_ore) * 10_000 // self.goal_ore

    @property
    def highest_ore(self) -> int:
        return max([ore for _day, ore in self.days] + [0])


def standings(held: Rights) -> list[Standing]:
    """The live campaigns whose sums may be seen, the newest first."""
    mine = Campaign.objects.filter(entity__in=held.entities("campaigns.view"))
    live = mine.filter(status=Campaign.Status.LIVE).select_related("thermometer")
    return [standing(campaign) for campaign in live.order_by("-starts_on", "-pk")]


def standing(campaign: Campaign) -> Standing:
    """One campaign as it stands now."""
    today = clock.today()
    days = _last_days(campaign, today)
    row = campaign.thermometer
    return Standing(
        campaign=campaign,
        received_ore=row.received_ore,
        goal_ore=campaign.goal_ore,
        gifts=row.gifts,
        donors=row.donors,
        promised_ore=row.promised_ore,
        forecast_ore=row.forecast_ore,
        pace=_pace(campaign, row.received_ore, sum(ore for _day, ore in days), today),
        days=days,
        curve=history.curve(campaign),
    )


def _last_days(campaign: Campaign, today: date) -> tuple[tuple[date, int], ...]:
    first = today - timedelta(days=WEEK - 1)
    sums = dict(
        DayTotal.objects.filter(campaign=campaign, day__range=(first, today))
        .values_list("day")
        .annotate(ore=Sum("received_ore"))
    )
    every = [first + timedelta(days=n) for n in range(WEEK)]
    return tuple((day, int(sums.get(day) or 0)) for day in every)


def _pace(campaign: Campaign, received_ore: int, week_ore: int, today: date) -> Pace:
    if campaign.ends_on is None:
        return Pace(week_ore, None, None)
    days_left = max(0, (campaign.ends_on - today).days + 1)
    left = max(0, campaign.goal_ore - received_ore)
    needed = -(-left // days_left) if days_left else None
    return Pace(week_ore, needed, days_left)


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for a person: how many, what it is, and where the rows are."""

    number: int
    what: str
    url: str
    cap: int = 1000


def needs(held: Rights, who: str) -> list[Need]:
    """Everything that can wait for somebody with these rights, also what does not wait now.

    What the one who asks can do nothing about is left out: others see it on their first page.
    """
    house = [make(held, who) for permission, make in NEEDS if held.somewhere(permission)]
    parts = [make(held) for permission, make in PARTS if held.somewhere(permission)]
    rest = [Need(capped_count(rows), what, url) for rows, what, url in parts]
    return list(dict.fromkeys([*house, *rest]))


def _seconds(held: Rights, who: str) -> Need:
    what = _("Questions that await your yes or no")
    return _rows(approvals.for_answer(held, who), what, "seconds", "?needs=me")


def _nobody(_held: Rights, _who: str) -> Need:
    number = len(approvals.without_anybody())
    what = _("Questions that nobody may answer: name a second person")
    return Need(number, what, reverse("console:seconds") + "?needs=nobody")


def _disputes(held: Rights, _who: str) -> Need:
    return _rows(queues.open_disputes(held), _("Disputes to answer"), "disputes", "?state=open")


def _donors(held: Rights, _who: str) -> Need:
    what = _("Gifts whose donor must be chosen")
    return _rows(queues.without_donor(held), what, "gifts", "?needs=donor")


def _identity(held: Rights, _who: str) -> Need:
    number = queues.count_without_identity(held.entities("gifts.view"))
    return Need(number, _("Givers whose identity the law wants"), reverse("console:identity"))


def _events(_held: Rights, _who: str) -> Need:
    what = _("Messages from providers that failed")
    return _rows(queues.failed_events(), what, "events", "?state=failed")


def _alarms(_held: Rights, _who: str) -> Need:
    return _rows(queues.open_alarms(), _("Open alarms"), "alarms", "?state=open")


def _jobs(_held: Rights, _who: str) -> Need:
    late = len(jobs.late_jobs(clock.real_now()))
    return Need(late, _("Late jobs"), f"{reverse('console:jobs')}?show=late")


# The permission that lets somebody do something about it -> what waits.
NEEDS: list[tuple[str, Callable[[Rights, str], Need]]] = [
    ("refunds.decide", _seconds),
    ("appeals.approve", _seconds),
    ("staff.manage", _nobody),
    ("refunds.ask", _disputes),
    ("gifts.link", _donors),
    ("gifts.link", _identity),
    ("events.replay", _events),
    ("alarms.close", _alarms),
    ("alarms.close", _jobs),
]
# Each part's own, where its pages are.
PARTS = [*bank_needs.NEEDS, *giving_needs.NEEDS, *appeal_needs.NEEDS]


def _rows(rows: QuerySet[Any], what: str, page: str, query: str = "") -> Need:
    return Need(capped_count(rows), what, reverse(f"console:{page}") + query)
