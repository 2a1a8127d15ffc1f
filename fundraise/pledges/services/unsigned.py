"""Sign-ups that nobody signed: one reminder, then a list for staff (`ending.end_unsigned` ends)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from fundraise.jobs.one_by_one import each
from fundraise.outbox import services as outbox
from fundraise.pledges import locks
from fundraise.pledges.models import Mandate, Pledge


def remind(now: datetime) -> int:
    """Ask once after the signature of each draft that has waited long enough. How many."""
    since = now - timedelta(hours=settings.PLEDGE_REMIND_HOURS)
    drafts = Mandate.objects.filter(
        state=Mandate.State.DRAFT,
        created_at__lte=since,
        pledge__state=Pledge.State.UNCONFIRMED,
        pledge__reminded_at=None,
    )
    ids = list(drafts.order_by("pk").values_list("pk", flat=True))
    return each(ids, lambda pk: _remind(pk, now)).whole()


def _remind(mandate_id: int, now: datetime) -> bool:
    """False when it was signed, ended or reminded of in the meantime."""
    with transaction.atomic():
        mandate = locks.mandate_for_change(mandate_id)
        pledge = mandate.pledge
        if mandate.state != Mandate.State.DRAFT or pledge is None or pledge.reminded_at:
            return False
        if pledge.state != Pledge.State.UNCONFIRMED:
            return False
        Pledge.objects.filter(pk=pledge.pk).update(reminded_at=now)
        outbox.write("SignatureMissing", mandate.pk)
    return True
