"""The verbs that change a gift. Money comes in here, and only when it is seen.

Refunds are in refunds.py, disputes in disputes.py. Every sum is öre; times are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import booking, locks, states
from fundraise.gifts import giver as givers
from fundraise.gifts.booking import Movement
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift, GiftTransition, GiverDetails
from fundraise.ledger.queries import is_booked
from fundraise.outbox import services as outbox
from fundraise.states import advance

ENDED_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NewGift:
    """What is known when a gift begins."""

    campaign: Campaign
    amount_ore: int
    giver: Giver
    language: str = "sv"
    channel: str = ""
    origin: str = "page"
    reference: str = ""
    submission: bytes | None = None


def begin_gift(new: NewGift) -> Gift:
    """Write a pending gift with what its giver typed, sealed. No money yet.

    Raises django.db.IntegrityError when the same form has a gift that waits or stands.
    """
    with transaction.atomic():
        gift = Gift.objects.create(
            entity_id=new.campaign.entity_id,
            campaign=new.campaign,
            amount_ore=new.amount_ore,
            language=new.language,
            channel=new.channel,
            origin=new.origin,
            reference=new.reference,
            submission=new.submission,
            giver_key=new.giver.key(),
            identified=new.giver.identified,
            organisation=new.giver.organisation,
            created_at=clock.now(),
        )
        GiverDetails.objects.create(gift=gift, sealed=givers.seal(new.giver, gift.ref))
        outbox.write("GiftStarted", gift.pk)
    return gift


def replace_details(gift: Gift, giver: Giver) -> None:
    """What the giver has corrected in the same form, while the gift waits; the address stays."""
    details = GiverDetails.objects.get(gift=gift)
    if details.sealed is None or givers.unseal(bytes(details.sealed), gift.ref) != giver:
        details.sealed = givers.seal(giver, gift.ref)
        details.save(update_fields=["sealed"])
        Gift.objects.filter(pk=gift.pk).update(
            identified=giver.identified, organisation=giver.organisation
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money seen: how it came, how much, the provider's name for it, when, and its movement.

    `fee_ore` is what the provider kept, where it is known at once; `fee_source` names it.
    Countries are two letters, as far as the money tells: of the payer's address, where the card was
    issued, where the account lies.
    """

    channel: str
    amount_ore: int
    provider_ref: str
    received_at: datetime
    movement: Movement
    event_id: str = ""
    fee_ore: int = 0
    fee_source: str = ""
    residence_country: str = ""
    card_country: str = ""
    iban_country: str = ""


def record_gift(gift_id: int, seen: Receipt) -> bool:
    """The money of a gift has been seen: state, journal, thermometer and fact in one transaction.

    The provider's sum is the truth, so it replaces what was asked for. Returns False when the gift
    was received before; nothing changes then.
    """
    with transaction.atomic():
        gift = locks.gift_for_change(gift_id)
        if gift.state == Gift.State.RECEIVED:
            return False
        moved = advance(
            Gift,
            gift.pk,
            old=gift.state,
            new=Gift.State.RECEIVED,
            allowed=states.GIFT,
            transition_model=GiftTransition,
            by=seen.movement.by,
            event_id=seen.event_id,
            changes={
                "channel": seen.channel,
                "amount_ore": seen.amount_ore,
                "provider_ref": seen.provider_ref,
                "received_at": seen.received_at,
                "fee_ore": seen.fee_ore,
                "card_country": seen.card_country,
                "iban_country": seen.iban_country,
                **({"residence_country": seen.residence_country} if seen.residence_country else {}),
                # The form may have begun another gift since: this one no longer speaks for it.
                **({} if gift.state == Gift.State.PENDING else {"submission": None}),
            },
        )
        if not moved:
            return False
        gift.channel, gift.amount_ore = seen.channel, seen.amount_ore
        outbox.write("GiftReceived", gift.pk)
        booking.book_gift(gift, seen.movement, seen.fee_ore, seen.fee_source)
    return True


def end_gift(gift_id: int, *, new: str, by: str, reason: str = "", event_id: str = "") -> bool:
    """A gift that waits ends without money: failed, expired or void. False when it did not wait."""
    with transaction.atomic():
        moved = advance(
            Gift,
            gift_id,
            old=Gift.State.PENDING,
            new=new,
            allowed=states.GIFT,
            transition_model=GiftTransition,
            by=by,
            reason=reason,
            event_id=event_id,
        )
        if moved and new != Gift.State.VOID:  # the giver who changes a gift knows
            outbox.write("GiftUnpaid", gift_id)
    return moved


def record_fee(gift_id: int, ore: int, movement: Movement) -> bool:
    """What the provider kept of a gift (below zero: gave back), once per movement's source."""
    if ore == 0:
        return False
    with transaction.atomic():
        gift = locks.gift_for_change(gift_id)
        if is_booked(gift.entity_id, movement.source):
            return False
        Gift.objects.filter(pk=gift.pk).update(fee_ore=gift.fee_ore + ore)
        booking.book_fee(gift, movement, ore)
    return True


def forget_details(now: datetime) -> int:
    """Forget what was typed for gifts that ended without money a month ago."""
    ended = [Gift.State.FAILED, Gift.State.EXPIRED, Gift.State.VOID]
    return (
        GiverDetails.objects.filter(
            gift__state__in=ended, gift__created_at__lt=now - ENDED_KEPT_FOR
        )
        .exclude(sealed=None)
        .update(sealed=None)
    )
