"""What party finance does when something has happened."""

from __future__ import annotations

from fundraise.reporting.party import holding
from fundraise.reporting.party.models import Hold


def refund_settled(refund_id: int) -> None:
    """Subscriber of RefundSettled: money that was held has gone back to its giver."""
    for pk in Hold.objects.filter(refund_id=refund_id).values_list("pk", flat=True):
        holding.follow(pk)


def follow_all() -> int:
    """Repayments that ended without a fact: refused by the second person, or failed."""
    waiting = Hold.objects.filter(state=Hold.State.REPAYING).order_by("pk")
    return sum(holding.follow(pk) for pk in waiting.values_list("pk", flat=True))
