"""Row locks of gifts. A gift's row comes first, the ledger and the thermometer last."""

from __future__ import annotations

from uuid import UUID

from fundraise.gifts.models import Gift, Refund


def gift_for_change(pk: int) -> Gift:
    """The gift with its campaign, locked until commit."""
    return (
        Gift.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign")
        .get(pk=pk)
    )


def refund_for_change(**which: UUID | int) -> Refund:
    """The refund with this `ref` or `pk`, with its gift locked before it."""
    gift = gift_for_change(Refund.objects.values_list("gift_id", flat=True).get(**which))
    refund = Refund.objects.select_for_update(no_key=True).get(**which)
    refund.gift = gift
    return refund
