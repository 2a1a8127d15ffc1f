"""Make the donors and gifts of a plan, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.conf import settings

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity, Period
from fundraise.ledger.queries import default_entity
from fundraise.ops.demo import party
from fundraise.ops.seed import calendar, donors, ends, load, monthly, payers
from fundraise.ops.seed.back import Back, ways_of
from fundraise.ops.seed.balance import Balance, last_payout_day
from fundraise.ops.seed.books import Books
from fundraise.ops.seed.givers import Givers
from fundraise.ops.seed.sheets import Sheets, tables
from fundraise.ops.seed.story import Story
from fundraise.ops.seed.totals import Totals

LUMP = 10_000
YEAR = timedelta(days=364)
DONOR_TABLES = ["donors_donor", "keyring_donor_key", "donors_contactpoint", "donors_legalbasis"]
ROLLED_UP = ["campaigns_giver", "campaigns_daytotal", "giving_donorgiving"]


class SeedRefused(Exception):
    """Nothing was made; the text says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make. Without `until` the last day is yesterday."""

    donors: int
    gifts: int
    seed: int
    until: date | None = None
    add: bool = False
    details: bool = False
    pledges: int = 0


def seed(plan: Plan) -> Totals:
    """Make it and return its totals. Raises SeedRefused."""
    _refuse_wrong_place(plan)
    campaign = _campaign()
    last = plan.until or clock.today() - timedelta(days=1)
    first = min(max(last - YEAR, campaign.starts_on), last)
    _refuse_closed_months(campaign.entity_id, first, last)
    with load.owner() as connection:
        totals = _write(connection, plan, campaign, first, last)
    load.keep_statistics(*DONOR_TABLES, *tables(), *ROLLED_UP, *monthly.TABLES)
    return totals


def _refuse_wrong_place(plan: Plan) -> None:
    if settings.MODE == "live":
        raise SeedRefused("live mode gets no seed")
    if not plan.add and Gift.objects.exists():
        raise SeedRefused("there are gifts already; --add puts more to them")
    if plan.pledges and not plan.donors:
        raise SeedRefused("monthly gifts want donors")


def _campaign() -> Campaign:
    """The newest live campaign, or the demo's own, begun early enough for a year of gifts."""
    live = Campaign.objects.filter(status=Campaign.Status.LIVE).order_by("-starts_on", "-pk")
    found = live.select_related("entity").first()
    try:
        entity = found.entity if found else default_entity()
    except LegalEntity.DoesNotExist:
        entity = party.ensure_party()
    party.ensure_accounts(entity)
    return found or party.ensure_campaign(entity, clock.today() - YEAR - timedelta(days=1))


def _refuse_closed_months(entity: int, first: date, last: date) -> None:
    closed = Period.objects.filter(
        entity=entity, first_day__range=(first.replace(day=1), last)
    ).exclude(state=Period.State.OPEN)
    if closed.exists():
        raise SeedRefused("a month of the span is closed; the seed writes in open months only")


def _write(
    connection: load.Connection, plan: Plan, campaign: Campaign, first: date, last: date
) -> Totals:
    """Everything in the connection's one transaction."""
    begin = load.last_number(connection, "gifts_gift")
    rng = Random(f"{plan.seed} {begin}")  # noqa: S311 - believable, not secret
    days = calendar.gifts_by_day(rng, first, last, plan.gifts)
    story = _story(connection, plan, campaign, rng, [day for day, _gifts in days])
    connection.execute("CREATE TEMPORARY TABLE seed_giver (key bytea, gifts int) ON COMMIT DROP")
    theirs = monthly.TABLES if plan.pledges else []
    with load.bare(connection, [*DONOR_TABLES, *tables(), *theirs]):
        donors.make(
            connection,
            story.givers,
            number=plan.donors,
            seed=story.mark,
            today=last,
            names=plan.details,
        )
        story.monthly.begin(connection, plan.pledges, story.givers)
        load.copy_lumps(connection, _lumps(story, days))
        story.monthly.write(connection)
    ends.close(connection, story)
    return ends.sum_up(story, first)


def _story(
    connection: load.Connection, plan: Plan, campaign: Campaign, rng: Random, days: list[date]
) -> Story:
    sheets, totals = Sheets(), Totals()
    gift = load.last_number(connection, "gifts_gift")
    mark = f"s{plan.seed}n{gift}_"
    books = ends.open_books(connection, campaign, sheets, rng)
    balance = _balance(connection, campaign, books, mark, days, totals)
    return Story(
        rng=rng,
        entity=campaign.entity_id,
        campaign=campaign.pk,
        accounts=balance.accounts,
        dimension=campaign.dimension_id,
        sheets=sheets,
        books=books,
        balance=balance,
        givers=Givers(rng, sheets),
        back=_back(connection, campaign, balance, days),
        monthly=_monthly(campaign, mark, days, totals),
        totals=totals,
        gift=gift,
        mark=mark,
        details=plan.details,
    )


def _monthly(campaign: Campaign, mark: str, days: list[date], totals: Totals) -> monthly.Monthly:
    rng = Random(f"monthly {mark}")  # noqa: S311 - believable, not secret
    return monthly.Monthly(
        rng=rng,
        numbers=payers.numbers(campaign.entity_id, rng),
        entity=campaign.entity_id,
        campaign=campaign.pk,
        first=days[0],
        last=days[-1],
        totals=totals,
    )


def _back(
    connection: load.Connection, campaign: Campaign, balance: Balance, days: list[date]
) -> Back:
    return Back(
        rng=balance.books.rng,
        mark=balance.mark,
        sheets=balance.sheets,
        books=balance.books,
        balance=balance,
        totals=balance.totals,
        refund=load.last_number(connection, "gifts_refund"),
        last=days[-1],
        ways=ways_of(balance.accounts, campaign.dimension_id),
    )


def _balance(
    connection: load.Connection,
    campaign: Campaign,
    books: Books,
    mark: str,
    days: list[date],
    totals: Totals,
) -> Balance:
    return Balance(
        account=party.ensure_accounts(campaign.entity).pk,
        mark=mark,
        sheets=books.sheets,
        books=books,
        totals=totals,
        accounts=ends.accounts_of(campaign.entity_id),
        payout=load.last_number(connection, "providers_payout") + 1,
        last_payout_day=last_payout_day(days),
    )


def _lumps(story: Story, days: list[tuple[date, int]]) -> Iterator[Mapping[str, bytes]]:
    """The story in lumps of some thousand gifts, so that memory stays flat."""
    told = story.totals.gifts
    for _day in story.tell(days):
        if story.totals.gifts - told >= LUMP:
            told = story.totals.gifts
            yield story.sheets.take()
    yield story.sheets.take()
