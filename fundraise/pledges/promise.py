"""What is promised to a campaign, and what it may come to. Reckoned anew each time, never kept up.

Promised is what active and paused pledges will still give on days within the campaign (or the next
twelve months, when it has no end). The forecast adds to what was received the promised sum less the
usual failures, and one-off gifts at the pace of the last four weeks. Sums are öre.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.db.models import Sum

from fundraise import clock
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign, DayTotal
from fundraise.pledges import schedule
from fundraise.pledges.models import Instalment

PACE_DAYS = 28
USUAL_DAYS = 90
WITHOUT_END = timedelta(days=365)

# Pledges of one day, interval, last planned month and end are alike: a few hundred groups at most.
_GROUPS = """
  SELECT p.day, p.interval_months, p.ends_on, l.last, p.paused_until, sum(p.amount_ore)
  FROM pledges_pledge p
  LEFT JOIN LATERAL (SELECT max(i.period) AS last FROM pledges_instalment i
                     WHERE i.pledge_id = p.id) l ON true
  WHERE p.campaign_id = %s AND p.state IN ('active', 'paused') AND l.last IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5"""


def reckon(today: date) -> int:
    """Reckon every live campaign; how many changed."""
    live = Campaign.objects.filter(status=Campaign.Status.LIVE).select_related("thermometer")
    changed = 0
    for campaign in live:
        promised = promised_ore(campaign, today)
        changed += campaigns.record_promise(
            campaign.pk,
            promised_ore=promised,
            forecast_ore=_forecast(campaign, promised, today) if promised else 0,
        )
    return changed


def promised_ore(campaign: Campaign, today: date) -> int:
    """What its pledges will still give on days from today on, within the campaign."""
    last_day = campaign.ends_on or today + WITHOUT_END
    if last_day < today:
        return 0
    coming = Instalment.objects.filter(
        pledge__campaign=campaign,
        pledge__state__in=["active", "paused"],
        state__in=[Instalment.State.PLANNED, Instalment.State.COLLECTING],
        due_on__range=(today, last_day),
    )
    planned = coming.aggregate(ore=Sum("amount_ore"))["ore"] or 0
    return int(planned) + _not_planned(campaign, last_day)


def _not_planned(campaign: Campaign, last_day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, [campaign.pk])
        return sum(
            int(ore) * _times(day, months, last, min(ends or last_day, last_day), paused)
            for day, months, ends, last, paused, ore in cursor.fetchall()
        )


def _times(day: int, months: int, last: date, until: date, paused: date | None) -> int:
    """How many periods after `last` are due by `until`, and not before a pause is over."""
    times, period = 0, schedule.add_months(last, months)
    while (due_on := schedule.due_day(period, day)) <= until:
        times += paused is None or due_on >= paused
        period = schedule.add_months(period, months)
    return times


def usual_percent(campaign: Campaign, today: date) -> int:
    """How many of a hundred draws were paid in the last three months; 100 before there are any."""
    over = Instalment.objects.filter(
        pledge__campaign=campaign, due_on__range=(today - timedelta(days=USUAL_DAYS), today)
    )
    paid = over.filter(state=Instalment.State.PAID).count()
    missed = over.filter(state=Instalment.State.MISSED).count()
    return 100 * paid // (paid + missed) if paid + missed else 100


def _forecast(campaign: Campaign, promised: int, today: date) -> int:
    received = campaign.thermometer.received_ore
    days = ((campaign.ends_on or today + WITHOUT_END) - today).days
    return (
        received + promised * usual_percent(campaign, today) // 100 + _pace(campaign, today, days)
    )


def _pace(campaign: Campaign, today: date, days: int) -> int:
    """One-off gifts of the days that are left, at the pace of the last four weeks."""
    since = today - timedelta(days=PACE_DAYS)
    recent = DayTotal.objects.filter(campaign=campaign, day__gt=since, day__lte=today)
    ore = recent.exclude(channel="autogiro").aggregate(ore=Sum("received_ore"))["ore"] or 0
    return max(0, int(ore)) * days // PACE_DAYS


def reckon_now() -> int:
    """Reckon at the house's own date."""
    return reckon(clock.today())
