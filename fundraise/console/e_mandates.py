"""Mandates from the Internet bank: by when they are answered, and which gift each may be for."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from fundraise import bankdays, clock
from fundraise.pledges.models import Mandate, Pledge
from fundraise.providers.giro.watching import E_MANDATE_BANK_DAYS


def last_day(mandate: Mandate) -> date:
    """The day on which Bankgirot drops it."""
    return bankdays.add(clock.local_date(mandate.created_at), E_MANDATE_BANK_DAYS)


def possible(mandate: Mandate) -> QuerySet[Pledge]:
    """Monthly gifts that it may be for: those that wait with the same number or holder."""
    same = Q(mandates__payer_number=mandate.payer_number)
    if mandate.identity_hash is not None:
        same |= Q(mandates__identity_hash=mandate.identity_hash)
    if mandate.account_hash is not None:
        same |= Q(mandates__account_hash=mandate.account_hash)
    waiting = ["unconfirmed", "pending", "halted"]
    rows = Pledge.objects.filter(same, entity_id=mandate.entity_id, state__in=waiting)
    return rows.distinct().order_by("-pk")
