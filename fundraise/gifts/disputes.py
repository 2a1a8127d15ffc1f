"""A giver's bank takes a gift back. What is booked follows the provider's balance, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fundraise.gifts import booking, locks
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Dispute
from fundraise.ledger.queries import is_booked
from fundraise.outbox import services as outbox


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """One line of the balance: ore below zero is taken, above is given back; the fee apart."""

    movement: Movement
    ore: int
    fee_ore: int


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """A dispute as the provider shows it now, with every balance line it has had so far."""

    provider_ref: str
    amount_ore: int
    state: str
    reason: str
    opened_at: datetime
    due_at: datetime | None
    lines: tuple[DisputeLine, ...]


def record_dispute(gift_id: int, seen: DisputeSeen) -> bool:
    """Bring a dispute to what the provider shows, in any order; True when anything changed."""
    with transaction.atomic():
        gift = locks.gift_for_change(gift_id)
        dispute, is_new = Dispute.objects.get_or_create(
            provider_ref=seen.provider_ref,
            defaults={
                "gift": gift,
                "amount_ore": seen.amount_ore,
                "state": seen.state,
                "reason": seen.reason,
                "opened_at": seen.opened_at,
                "due_at": seen.due_at,
            },
        )
        closed = dispute.state != seen.state and dispute.state == Dispute.State.OPEN
        if closed:
            dispute.state = seen.state
        dispute.amount_ore, dispute.due_at = seen.amount_ore, seen.due_at  # an inquiry may grow
        dispute.save(update_fields=["state", "amount_ore", "due_at"])
        if is_new:
            outbox.write("DisputeOpened", dispute.pk)
        if closed or (is_new and seen.state != Dispute.State.OPEN):
            outbox.write("DisputeClosed", dispute.pk)
        # Taken before it is given back, however they are listed: no sum goes below zero on the way.
        lines = sorted(seen.lines, key=lambda line: line.ore)
        booked = [_book(gift.pk, dispute, line) for line in lines]
    return is_new or closed or any(booked)


def _book(gift_id: int, dispute: Dispute, line: DisputeLine) -> bool:
    gift = locks.gift_for_change(gift_id)
    if is_booked(gift.entity_id, line.movement.source):
        return False
    gift.disputed_ore -= line.ore
    gift.fee_ore += line.fee_ore
    dispute.taken_ore -= line.ore
    gift.save(update_fields=["disputed_ore", "fee_ore"])
    dispute.save(update_fields=["taken_ore"])
    text = "Återkrav" if line.ore < 0 else "Återkrav avgjort"
    return booking.book_income(gift, line.movement, line.ore, text, line.fee_ore)
