"""The nightly pull: everything that moved a balance since last time, booked where no event was.

It looks back three days over what it has seen, since a line can be listed late; each fact is booked
once, so looking twice is harmless. One fact that fails does not stop the others, nor does one
account.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db.models import Q

from fundraise import clock
from fundraise.gifts.models import Dispute
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from fundraise.providers import settle
from fundraise.providers.base import provider_of
from fundraise.providers.facts import Fact
from fundraise.providers.models import Account, BalanceLine, Payout

log = structlog.get_logger(__name__)

LOOK_BACK = timedelta(days=3)
FIRST_PULL = timedelta(days=30)
FAILED = "nightly-pull-failed"


def pull_all() -> dict[str, int]:
    """Pull every account, those that take no new gifts too: their refunds and payouts go on."""
    total = {"facts": 0, "failed": 0}
    for account in Account.objects.select_related("entity").order_by("pk"):
        try:
            facts, failed = pull(account)
        except Exception as error:  # the next account is another bank's affair
            log.warning("pull_failed", account=account.slug, exc_info=error)
            jobs.raise_alarm(FAILED, account.slug, f"the pull broke off: {describe(error)}")
            facts, failed = 0, 1
        total["facts"] += facts
        total["failed"] += failed
    return total


def pull(account: Account, *, since: datetime | None = None) -> tuple[int, int]:
    """Pull one account; returns how many facts came and how many could not be settled."""
    began = clock.now()
    start = since or (account.pulled_until or began - FIRST_PULL) - LOOK_BACK
    provider = provider_of(account)
    facts, failed = _settle(account, provider.settlements(account, start, _kept))
    for kind, refs in (
        ("payout.updated", _open_payouts),
        ("charge.dispute.updated", _open_disputes),
    ):
        for ref in refs(account):
            asked = provider.facts(account, kind, ref) or []
            more, wrong = _settle(account, asked)
            facts, failed = facts + more, failed + wrong
    if failed:
        jobs.raise_alarm(FAILED, account.slug, f"{failed} of {facts} facts could not be settled")
    else:
        jobs.resolve_alarms(FAILED, subject=account.slug)
        Account.objects.filter(pk=account.pk).update(pulled_until=began)
    return facts, failed


def _settle(account: Account, facts: Iterable[Fact]) -> tuple[int, int]:
    seen = failed = 0
    for fact in facts:
        seen += 1
        try:
            settle.apply(account, [fact])
        except Exception as error:  # the next fact may be another gift's
            failed += 1
            log.warning("pull_fact_failed", account=account.slug, error=describe(error))
    return seen, failed


def _kept(refs: list[str]) -> set[str]:
    kept = BalanceLine.objects.filter(provider_ref__in=refs)
    return set(kept.values_list("provider_ref", flat=True))


def _open_payouts(account: Account) -> list[str]:
    """Payouts whose lines have not been listed: their events may have been missed."""
    waiting = Payout.objects.filter(account=account, lines_complete=False)
    waiting = waiting.filter(created_at__gt=clock.now() - FIRST_PULL)
    return list(waiting.order_by("pk").values_list("provider_ref", flat=True))


def _open_disputes(account: Account) -> list[str]:
    """A dispute that is lost moves no money, so no line tells of it."""
    open_now = Dispute.objects.filter(state=Dispute.State.OPEN, gift__entity=account.entity)
    drawn = Q(gift__collection__mandate__kept_card__account=account)
    tried = open_now.filter(Q(gift__attempts__account=account) | drawn)
    return list(tried.distinct().order_by("pk").values_list("provider_ref", flat=True))
