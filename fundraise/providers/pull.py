"""The nightly pull: everything that moved a balance since last time, booked where no event was.

It looks back three days over what it has seen, since a line can be listed late; each fact is booked
once, so looking twice is harmless. One fact that fails does not stop the others.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from fundraise.providers import settle
from fundraise.providers.base import provider_of
from fundraise.providers.models import Account

log = structlog.get_logger(__name__)

LOOK_BACK = timedelta(days=3)
FIRST_PULL = timedelta(days=30)
FAILED = "nightly-pull-failed"


def pull_all() -> dict[str, int]:
    """Pull every active account; counts of facts and failures over all."""
    total = {"facts": 0, "failed": 0}
    for account in Account.objects.filter(is_active=True).select_related("entity"):
        facts, failed = pull(account)
        total["facts"] += facts
        total["failed"] += failed
    return total


def pull(account: Account, *, since: datetime | None = None) -> tuple[int, int]:
    """Pull one account; returns how many facts came and how many could not be settled."""
    began = clock.now()
    start = since or (account.pulled_until or began - FIRST_PULL) - LOOK_BACK
    facts = failed = 0
    for fact in provider_of(account).settlements(account, start):
        facts += 1
        try:
            settle.apply(account, [fact])
        except Exception as error:  # the next fact may be another gift's
            failed += 1
            log.warning("pull_fact_failed", account=account.slug, error=describe(error))
    if failed:
        jobs.raise_alarm(FAILED, account.slug, f"{failed} of {facts} facts could not be settled")
    else:
        jobs.resolve_alarms(FAILED, subject=account.slug)
        Account.objects.filter(pk=account.pk).update(pulled_until=began)
    return facts, failed
