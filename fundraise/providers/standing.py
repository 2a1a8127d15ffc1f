"""How the defence stands, for staff and the command line: reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from fundraise import clock
from fundraise.limits import breaker, tally
from fundraise.limits.breaker import Figures
from fundraise.limits.models import Breaker
from fundraise.providers import pausing, watch
from fundraise.providers.base import provider_of
from fundraise.providers.models import Account, Attempt, Pause

SHOWN = timedelta(hours=24)
HELD_BACK = ("wait", "prove", "trap", "hasty", "closed")


@dataclass(frozen=True, slots=True)
class Hour:
    """What happened in one hour. `own`: declines that are not fraud's by the bank's own word."""

    at: datetime
    begun: int
    paid: int
    own: int
    fraud: int
    held_back: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How one account stands now."""

    account: Account
    asks_since: datetime | None
    openings: int
    seen: Figures
    pause: Pause | None
    is_closed: bool
    hours: tuple[Hour, ...]


def now() -> list[Standing]:
    """Every account with a page of the provider's own."""
    accounts = Account.objects.filter(is_active=True).select_related("entity").order_by("pk")
    return [_of(account) for account in accounts if provider_of(account).hosted]


def _of(account: Account) -> Standing:
    at, scope = clock.real_now(), watch.scope_of(account.pk)
    row = Breaker.objects.filter(scope=scope, opened_at__isnull=False).first()
    by_hour = tally.by_hour(scope, at - SHOWN)
    return Standing(
        account=account,
        asks_since=row.opened_at if row else None,
        openings=row.openings if row else 0,
        seen=breaker.figures(scope, at),
        pause=pausing.standing().filter(account=account).first(),
        is_closed=pausing.is_paused(account),
        hours=tuple(_hour(hour, kinds) for hour, kinds in by_hour.items()),
    )


def _hour(at: datetime, kinds: dict[str, int]) -> Hour:
    declined, fraud = kinds.get("declined", 0), kinds.get("fraud", 0)
    held_back = sum(kinds.get(kind, 0) for kind in HELD_BACK)
    begun, paid = kinds.get("begun", 0), kinds.get("paid", 0)
    return Hour(at, begun, paid, max(0, declined - fraud), fraud, held_back)


def declined_givers(entities: frozenset[int]) -> QuerySet[Attempt]:
    """Tries of the last day that a bank said no to and no attack explains: real givers."""
    since = clock.now() - SHOWN
    rows = Attempt.objects.filter(gift__entity__in=entities, created_at__gte=since, declines__gt=0)
    return rows.filter(suspect=False).select_related("gift__campaign").order_by("-created_at")
