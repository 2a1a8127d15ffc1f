"""A gift that was booked by mistake: it stands, and a linked reversal takes it out of the books.

The money did not go back to anybody, so nobody is told: it is put where it belongs by whoever calls
(the bank's line was matched to the wrong donor). On the gift it shows as money sent back, with its
origin, so that every sum of gifts follows at once. Was it right after all, the same gift stands
again: its giver has one gift and one receipt, not two.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fundraise import clock
from fundraise.gifts import booking, locks, states
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Gift, Refund, RefundTransition
from fundraise.gifts.refunds import RefundError
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Journal
from fundraise.states import advance

ORIGIN = "undone"


def undo_gift(
    gift_id: int,
    journal: Journal,
    *,
    event_date: date,
    by: str,
    why: str,
    text: str = "Ångrad matchning",
) -> Refund:
    """Reverse the journal of a gift and note the whole gift as taken out, in one transaction.

    Raises RefundError("not_received") when the gift is not received, or when some of it went back
    or is disputed already: that has to be settled first.
    """
    with transaction.atomic():
        gift = locks.gift_for_change(gift_id)
        moved = gift.refunded_ore or gift.disputed_ore or gift.refunds.exclude(
            state__in=[Refund.State.REFUSED, Refund.State.FAILED]
        ).exists()  # fmt: skip
        if gift.state != Gift.State.RECEIVED or moved:
            raise RefundError("not_received")
        refund = _noted(gift, by, why)
        gift.refunded_ore = gift.amount_ore
        gift.save(update_fields=["refunded_ore"])
        draft = ledger.reversal_of(journal, event_date=event_date, text=f"{text} {gift.ref}", by=by)
        booking.book_draft(gift, draft, -gift.amount_ore)
    return refund


def is_undone(gift: Gift) -> bool:
    """Whether the whole gift was taken out by mistake, and nothing else went back of it."""
    return _taken_out(gift) is not None and gift.refunded_ore == gift.amount_ore


def stand_again(gift_id: int, movement: Movement) -> bool:
    """The money is of this gift after all: booked anew. False when it stands already."""
    with transaction.atomic():
        gift = locks.gift_for_change(gift_id)
        taken_out = _taken_out(gift)
        if taken_out is None:
            return False
        advance(
            Refund,
            taken_out.pk,
            old=Refund.State.SETTLED,
            new=Refund.State.FAILED,
            allowed=states.REFUND,
            transition_model=RefundTransition,
            by=movement.by,
        )
        gift.refunded_ore -= taken_out.amount_ore
        gift.save(update_fields=["refunded_ore"])
        return booking.book_income(gift, movement, taken_out.amount_ore, "Gåva")


def _taken_out(gift: Gift) -> Refund | None:
    return gift.refunds.filter(origin=ORIGIN, state=Refund.State.SETTLED).first()


def _noted(gift: Gift, by: str, why: str) -> Refund:
    now = clock.now()
    before = gift.refunds.filter(origin=ORIGIN).count()
    refund = Refund.objects.create(
        gift=gift,
        amount_ore=gift.amount_ore,
        state=Refund.State.SETTLED,
        reason=why[:200],
        origin=ORIGIN,
        idempotency_key=f"undone-{gift.ref}" + (f"-{before}" if before else ""),
        requested_by=by,
        created_at=now,
        sent_at=now,
    )
    RefundTransition.objects.create(
        refund=refund,
        from_state=Refund.State.QUEUED,
        to_state=Refund.State.SETTLED,
        at=now,
        by=by,
        reason=why[:200],
        event_id="",
    )
    return refund
