"""A payout that failed after it was paid is somebody's matter, once."""

from __future__ import annotations

from datetime import timedelta

from fundraise import clock
from fundraise.providers.models import Payout
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.models import BankAccount, QueueItem

CODE = QueueItem.Code.PAYOUT_FAILED
LOOK_BACK = timedelta(days=120)


def watch() -> int:
    """Put those that the queue has never had into it; returns how many."""
    since = clock.today() - LOOK_BACK
    entities = BankAccount.objects.values("entity_id")
    failed = Payout.objects.filter(
        state="failed", arrives_on__gte=since, account__entity_id__in=entities
    ).select_related("account")
    by_subject = {f"payout:{payout.ref}": payout for payout in failed}
    known = QueueItem.objects.filter(code=CODE, subject__in=by_subject)
    for subject in known.values_list("subject", flat=True):
        by_subject.pop(subject, None)
    exceptions.open_many(
        exceptions.Found(CODE, subject, payout.account.entity_id, payout.amount_ore,
                         {"reason": payout.failure_code})
        for subject, payout in by_subject.items()
    )  # fmt: skip
    return len(by_subject)
