"""The kill switch: staff close card gifts, of one account or of the whole house, and open them.

Only accounts with a page of the provider's own are closed; a plain Swish number and gifts by hand
go on. Nothing closes by itself: an attack opens the breaker (watch.py), a person decides this.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from fundraise import clock, seal
from fundraise.audit import services as audit
from fundraise.outbox import courier
from fundraise.providers.base import provider_of
from fundraise.providers.models import Account, Pause

LONGEST_REASON = 200
HOUSE = "house"


def is_paused(account: Account) -> bool:
    """Whether this account takes no new gifts: staff said so, or the house has not opened yet."""
    if not provider_of(account).hosted:
        return False
    return not seal.is_open() or standing().filter(Q(account=account) | Q(account=None)).exists()


def standing() -> QuerySet[Pause]:
    """What is closed now."""
    return Pause.objects.filter(resumed_at=None)


def pause(account: Account | None, *, reason: str, by: str) -> bool:
    """Close card gifts of an account, or of all; False when that was done before.

    Pages that are open at the provider are closed by the sweep that follows at once; a gift that
    was paid by then is taken. Raises ValueError without a reason.
    """
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise ValueError("a reason is needed")
    with transaction.atomic():
        if not _begin(Pause(account=account, reason=reason, paused_at=clock.now(), paused_by=by)):
            return False
        _log("giving.paused", account, by=by, reason=reason)
        transaction.on_commit(_sweep, robust=True)
    return True


def _begin(row: Pause) -> bool:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the constraint: one that stands is enough
        return False
    return True


@transaction.atomic
def resume(account: Account | None, *, by: str) -> bool:
    """Open them again; False when they were not closed."""
    ended = standing().filter(account=account).update(resumed_at=clock.now(), resumed_by=by)
    if ended:
        _log("giving.resumed", account, by=by)
    return ended == 1


def _log(action: str, account: Account | None, *, by: str, reason: str = "") -> None:
    subject = account.slug if account else HOUSE
    audit.log_change(
        by=by, action=action, subject_type="giving", subject_ref=subject, reason=reason
    )


def _sweep() -> None:
    from fundraise.providers.tasks import sweep_attempts  # its module imports this one

    courier.send(sweep_attempts)
