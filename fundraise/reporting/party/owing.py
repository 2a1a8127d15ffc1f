"""A refund that the bank returned is owed to its giver: held until it can be sent anew."""

from __future__ import annotations

from django.db import transaction

from fundraise.gifts import locks, refunds
from fundraise.gifts.models import Refund
from fundraise.reconciliation import exceptions, returned
from fundraise.reporting.party import holding
from fundraise.reporting.party.errors import PartyError
from fundraise.reporting.party.models import Hold


def may_be_owed(refund: Refund) -> bool:
    """Whether it came back, and somebody is still to say what now."""
    return refund.state == Refund.State.FAILED and returned.is_waiting(refund)


@transaction.atomic
def owe(refund: Refund, *, by: str) -> Hold:
    """Book it as a liability: Dr gifts Cr gifts to be repaid. From there it is repaid.

    Raises PartyError: not_waiting (it did not come back, or was settled), too_much (the gift was
    sent back otherwise), owed_already (of another return of the gift).
    """
    gift = locks.gift_for_change(refund.gift_id)
    refund = Refund.objects.select_related("gift", "of_hold").get(pk=refund.pk)
    if not may_be_owed(refund):
        raise PartyError("not_waiting")
    if refunds.refundable_ore(gift) < refund.amount_ore:
        raise PartyError("too_much")
    before = getattr(refund, "of_hold", None)
    why = before.why if before is not None else Hold.Why.RETURNED
    if Hold.objects.filter(gift=gift, why=why, state__in=holding.OPEN).exists():
        raise PartyError("owed_already")
    row = holding.hold(gift, refund.amount_ore, why=why, by=by)
    subjects = [returned.subject_of(refund)]
    exceptions.solved(exceptions.Code.RETURNED, subjects, how=returned.OWED, by=by)
    return row
