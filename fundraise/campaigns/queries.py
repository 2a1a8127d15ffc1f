"""Reads of campaigns, their thermometers and what their money is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from fundraise import clock
from fundraise.campaigns.models import Campaign, Fund
from fundraise.ledger.models import LegalEntity

PUBLIC = [Campaign.Status.LIVE, Campaign.Status.CLOSED]
FEWEST_DONORS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """A thermometer as read at an instant; sums in öre. `stale`: the database is away since."""

    slug: str
    received_ore: int
    promised_ore: int
    goal_ore: int
    donors: int
    gifts: int
    at: datetime
    stale: bool = False
    forecast_ore: int = 0

    @property
    def percent(self) -> int:
        """Whole per cent of the goal, rounded down; over 100 when it is passed."""
        return max(0, self.received_ore) * 100 // self.goal_ore

    @property
    def public_donors(self) -> int | None:
        """The number of donors, unless it is so small that it could point at a person."""
        return self.donors if self.donors >= FEWEST_DONORS_SHOWN else None


def public_campaign(slug: str) -> Campaign | None:
    """A campaign that the public may see: live or closed."""
    return _with_reading().filter(slug=slug, status__in=PUBLIC).first()


def front_campaign() -> Campaign | None:
    """The campaign of the front page: the newest live one, else the newest closed one."""
    return (
        _with_reading().filter(status__in=PUBLIC).order_by("-status", "-starts_on", "-pk").first()
    )


def _with_reading() -> QuerySet[Campaign]:
    return Campaign.objects.select_related("entity", "thermometer", "fund")


def thermometer(campaign: Campaign) -> Reading:
    """The sums now, from the roll-up row that came with the campaign."""
    row = campaign.thermometer
    return Reading(
        slug=campaign.slug,
        received_ore=row.received_ore,
        promised_ore=row.promised_ore,
        forecast_ore=row.forecast_ore,
        goal_ore=campaign.goal_ore,
        donors=row.donors,
        gifts=row.gifts,
        at=clock.now(),
    )


def over(day: date, path: str = "") -> Q:
    """The campaigns that nobody is asked for any more: closed by staff, or their last day has
    passed. `path` leads to the campaign ("campaign__")."""
    closed = {f"{path}status": Campaign.Status.CLOSED}
    return Q(**closed) | Q(**{f"{path}ends_on__lt": day})


def over_sql(of: str, day: str) -> str:
    """The same in SQL: of a campaign's row and a day's placeholder."""
    return f"({of}.status = 'closed' OR coalesce({of}.ends_on < {day}, false))"


def default_fund(entity: LegalEntity) -> Fund:
    """What an entity's money is for when nothing else was said."""
    return Fund.objects.get(entity=entity, is_default=True)


def funds_with_sums() -> QuerySet[Fund]:
    """Every fund with what stood in: the thermometers of its campaigns, added up."""
    return Fund.objects.select_related("entity").annotate(
        received_ore=Coalesce(Sum("campaigns__thermometer__received_ore"), 0),
        gift_number=Coalesce(Sum("campaigns__thermometer__gifts"), 0),
        campaign_number=Count("campaigns"),
    )


def funds_of_days(entity: LegalEntity, first: date, last: date) -> list[tuple[Fund, int]]:
    """What was booked for each fund in a stretch of days, less what was booked back."""
    held = Q(campaigns__days__day__range=(first, last))
    rows = Fund.objects.filter(entity=entity).annotate(
        booked_ore=Coalesce(Sum("campaigns__days__received_ore", filter=held), 0),
        booked=Count("campaigns__days", filter=held),
    )
    return [(one, one.booked_ore) for one in rows.filter(booked__gt=0).order_by("pk")]


def campaigns_of_funds(refs: Iterable[str]) -> dict[str, set[str]]:
    """The refs of the campaigns whose money is for each of these funds."""
    found: dict[str, set[str]] = {ref: set() for ref in refs}
    rows = Campaign.objects.filter(fund__ref__in=found).values_list("fund__ref", "ref")
    for fund, campaign in rows if found else ():
        found[str(fund)].add(str(campaign))
    return found
