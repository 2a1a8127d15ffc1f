"""Money that comes back, or is taken back, is looked at by somebody: what now?

A refund that the bank returns is income again, though its giver waits for it. It stands in the
queue until it was sent anew or is booked as owed (fundraise/reporting/party/owing.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from fundraise.gifts.models import Gift, Refund
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.models import Item, Match, QueueItem

BY_BANK = "returned_by_bank"
PAID, OWED = "paid_back", "owed"
Code = exceptions.Code


def may_have_come_back(item: Item) -> QuerySet[Refund]:
    """The refunds that a line may be: the bank has shown them leave, and the sum is the same."""
    by_bank = Q(provider_ref__startswith="bank:") | Q(provider_ref__startswith="manual:")
    rows = Refund.objects.filter(
        by_bank,
        gift__entity=item.account.entity_id,
        amount_ore=item.amount_ore,
        state=Refund.State.SETTLED,
        origin="staff",
    )
    return rows.select_related("gift").order_by("-pk")


def tell_of_refund(refund: Refund, match: Match) -> None:
    """A refund came back."""
    exceptions.open_(
        Code.RETURNED,
        subject_of(refund),
        entity_id=refund.gift.entity_id,
        amount_ore=refund.amount_ore,
        facts={"gift": str(refund.gift.ref), "item": str(match.item.ref)},
    )


def tell_of_gift(gift: Gift, match: Match) -> None:
    """The bank took a gift back."""
    exceptions.open_(
        Code.RETURNED,
        f"match:{match.ref}",
        entity_id=match.item.account.entity_id,
        amount_ore=match.item.amount_ore,
        facts={"gift": str(gift.ref)},
    )


def undone(match: Match, *, by: str) -> None:
    """The line was no return after all."""
    exceptions.solved(Code.RETURNED, [f"match:{match.ref}"], how="right_as_it_is", by=by)


def subject_of(refund: Refund) -> str:
    """What the queue calls a refund that came back."""
    return f"refund:{refund.ref}"


def is_waiting(refund: Refund) -> bool:
    """Whether nobody has settled yet what becomes of a refund that came back."""
    subject = subject_of(refund)
    return QueueItem.objects.filter(code=Code.RETURNED, subject=subject, state="open").exists()


def refund_settled(refund_id: int) -> None:
    """Subscriber of RefundSettled: what came back of the gift before has gone to its giver now, or
    is owed. Twice is harmless: it is reckoned from the refunds themselves."""
    refund = Refund.objects.get(pk=refund_id)
    back = Refund.objects.filter(
        gift=refund.gift_id, failure=BY_BANK, state=Refund.State.FAILED
    ).order_by("pk")
    settled = Refund.objects.filter(gift=refund.gift_id, state=Refund.State.SETTLED)
    how = PAID if refund.origin == "staff" else OWED
    exceptions.solved(Code.RETURNED, list(_covered(back, settled)), how=how)


def _covered(back: Iterable[Refund], settled: Iterable[Refund]) -> Iterable[str]:
    """The subjects of those, oldest first, that later refunds are enough for."""
    rows = list(back)
    first = rows[0].pk if rows else 0
    left = sum(row.amount_ore for row in settled if row.pk > first)
    for row in rows:
        left -= row.amount_ore
        if left >= 0:
            yield subject_of(row)
