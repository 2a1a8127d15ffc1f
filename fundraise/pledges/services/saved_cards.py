"""A card that a provider keeps for us: the mandate of a pledge by card.

The first gift is paid on the provider's own page, which saves the card; the months after it are
drawn by our own schedule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.outbox import services as outbox
from fundraise.pledges import locks, sealing
from fundraise.pledges.models import Collection, Instalment, Mandate, Notice, Pledge, Signature
from fundraise.pledges.services import moving, starting


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card that a provider keeps for us, by its own names, and how it is shown."""

    customer_ref: str
    method_ref: str
    hint: str
    expires_on: date | None = None
    fingerprint: str = field(default="", repr=False)


def add_card(pledge_id: int, card: SavedCard, *, gift_id: int | None, by: str) -> Mandate | None:
    """The first payment saved the card: the pledge is active, its first period paid by that gift.

    Without a gift the card replaces an older one. None when this card's mandate is there already,
    or the pledge has ended.
    """
    with transaction.atomic():
        pledge = locks.pledge_for_change(pledge_id)
        same = Mandate.objects.filter(pledge=pledge, method_ref=card.method_ref)
        if pledge.state == Pledge.State.ENDED or same.exists():
            return None
        for old in Mandate.objects.filter(pledge=pledge, state=Mandate.State.ACTIVE):
            moving.mandate(old, "ended", by=by, reason="replaced")
        mandate = Mandate.objects.create(
            entity_id=pledge.entity_id,
            pledge=pledge,
            method=starting.CARD,
            state=Mandate.State.ACTIVE,
            account_hint=card.hint,
            account_hash=sealing.card_hash(card.fingerprint) if card.fingerprint else None,
            customer_ref=card.customer_ref,
            method_ref=card.method_ref,
            card_expires_on=card.expires_on,
            created_at=clock.now(),
            decided_at=clock.now(),
        )
        starting.keep_signature(mandate, starting.Signed(Signature.Way.CARD, {"gift": gift_id}), by)
        _activate(pledge, mandate, gift_id, by)
    return mandate


def _activate(pledge: Pledge, mandate: Mandate, gift_id: int | None, by: str) -> None:
    if pledge.state == Pledge.State.UNCONFIRMED:
        _promise_card(pledge)
        moving.pledge(pledge, "pending", by=by)
        outbox.write("PledgeSigned", pledge.pk)
    if pledge.state in {Pledge.State.PENDING, Pledge.State.HALTED}:
        moving.pledge(pledge, "active", by=by)
    if gift_id is not None:
        _first_paid(pledge, mandate, gift_id, by)


def _promise_card(pledge: Pledge) -> None:
    """A card's first draw is made on the page itself; the following days are told there."""
    Notice.objects.get_or_create(
        pledge=pledge,
        kind=Notice.Kind.SIGN_UP,
        first_on=pledge.starts_on,
        amount_ore=pledge.amount_ore,
        defaults={
            "covers_following": pledge.interval_months in starting.ANNOUNCED_ONCE,
            "way": "page",
            "made_at": pledge.created_at,
            "sent_at": pledge.created_at,
        },
    )


def _first_paid(pledge: Pledge, mandate: Mandate, gift_id: int, by: str) -> None:
    """The gift that saved the card is the first period's."""
    gift = Gift.objects.get(pk=gift_id)
    instalment, new = Instalment.objects.get_or_create(
        pledge=pledge,
        period=pledge.first_period,
        defaults={
            "due_on": pledge.starts_on,
            "amount_ore": gift.amount_ore,
            "created_at": clock.now(),
        },
    )
    if not new:
        return
    collection = Collection.objects.create(
        instalment=instalment,
        mandate=mandate,
        number=1,
        amount_ore=gift.amount_ore,
        due_on=pledge.starts_on,
        gift=gift,
        created_at=clock.now(),
    )
    moving.collection(collection, "paid", by=by)
    moving.instalment(instalment, "paid", by=by)
