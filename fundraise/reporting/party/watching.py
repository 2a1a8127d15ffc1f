"""The daily look at every party: limits, foreign money, identities, and the treasurer's queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.jobs.one_by_one import each
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.exceptions import Code, Found
from fundraise.reconciliation.models import QueueItem
from fundraise.reporting.party import anonymous, asking, foreign, rules, subscribers
from fundraise.reporting.party.models import ForeignLook, Hold, IdentityAsk

BASE_MISSING = "party-base-missing"
NEXT_KNOWN_FROM = 12  # the month in which next year's price base amount should stand here


def watch(counts: dict[str, int]) -> None:
    """Everything, once a day; harmless when it runs again."""
    counts["followed"] = subscribers.follow_all()
    counts["opened"] = counts["released"] = counts["foreign"] = counts["asked"] = 0
    today = clock.today()
    parties = LegalEntity.objects.filter(kind=LegalEntity.Kind.PARTY).order_by("pk")
    asked = [(entity, year) for entity in parties for year in years(today)]
    looked = each(asked, lambda one: look(*one, counts))
    fill_queue()
    tell_of_base(today)
    looked.whole()


def years(today: date) -> list[int]:
    """The years that are looked at: this one, and the last until its report is due."""
    last = today.year - 1
    return [today.year, *([last] if today <= rules.due_on(last) else [])]


def look(entity: LegalEntity, year: int, counts: dict[str, int]) -> None:
    """One entity's year."""
    counts["foreign"] += foreign.watch(entity.pk, year)
    opened, released = anonymous.reckon(entity.pk, year)
    counts["opened"] += opened
    counts["released"] += released
    counts["asked"] += asking.ask(entity.pk, year)


def fill_queue() -> None:
    """What waits stands in the queue with its day; what waits no more leaves it."""
    holds = Hold.objects.filter(state=Hold.State.HELD, why=Hold.Why.ANONYMOUS)
    looks = ForeignLook.objects.filter(state=ForeignLook.State.OPEN).select_related("gift")
    asks = IdentityAsk.objects.filter(answered_at=None)
    _bring(
        Code.ANONYMOUS,
        {
            f"hold:{row.ref}": Found(
                Code.ANONYMOUS, f"hold:{row.ref}", row.entity_id, row.amount_ore,
                {"gift": str(row.gift.ref), "year": row.year}, row.repay_by,
            )
            for row in holds.select_related("gift")
        },
    )  # fmt: skip
    _bring(
        Code.FOREIGN,
        {
            f"foreign:{row.ref}": Found(
                Code.FOREIGN, f"foreign:{row.ref}", row.entity_id, row.gift.amount_ore,
                {"gift": str(row.gift.ref), **row.evidence},
            )
            for row in looks
        },
    )  # fmt: skip
    _bring(
        Code.IDENTITY,
        {
            f"identity:{row.ref}": Found(
                Code.IDENTITY, f"identity:{row.ref}", row.entity_id, row.sum_ore,
                {"gift": str(row.gift.ref), "year": row.year},
            )
            for row in asks.select_related("gift")
        },
    )  # fmt: skip


def _bring(code: str, found: Mapping[str, Found]) -> None:
    waiting = QueueItem.objects.filter(code=code, state=QueueItem.State.OPEN)
    gone = set(waiting.values_list("subject", flat=True)) - set(found)
    exceptions.solved(code, gone)
    exceptions.open_many(found.values())


def tell_of_base(today: date) -> None:
    """Ring when a year's price base amount is not known: limits follow an old one until it is."""
    wanted = [today.year, *([today.year + 1] if today.month >= NEXT_KNOWN_FROM else [])]
    missing = {str(year) for year in wanted if year not in settings.PRICE_BASE_AMOUNTS_ORE}
    parties = LegalEntity.objects.filter(kind=LegalEntity.Kind.PARTY).exists()
    if not parties:
        missing = set()
    for year in sorted(missing):
        jobs.raise_alarm(BASE_MISSING, year, f"the price base amount of {year} is missing")
    jobs.resolve_alarms(BASE_MISSING, but=missing)
