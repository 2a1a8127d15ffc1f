"""Gifts and refunds that staff enters: cash, a bank transfer, a Swish payment the bank reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from fundraise.gifts import refunds
from fundraise.gifts import services as gifts
from fundraise.gifts.booking import Movement
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Channel, Gift, Refund

# What came through the bank waits in clearing until the bank's line shows it (reconciliation/).
CLEARING = {
    Channel.CASH: "cash",
    Channel.BANK: "giro_clearing",
    Channel.SWISH_NUMBER: "giro_clearing",
}
# What goes back by our own hand; autogiro has no way back (an agreement for payments out is rare).
BACK_BY_HAND = {**CLEARING, Channel.AUTOGIRO: "giro_clearing"}


@dataclass(frozen=True, slots=True)
class ManualGift:
    """What staff says came in. `proof` names the slip, the bank line or the voucher: once each."""

    campaign: Campaign
    amount_ore: int
    channel: str
    received_at: datetime
    proof: str
    by: str
    giver: Giver = field(default_factory=Giver, repr=False)
    language: str = "sv"


def record_manual_gift(given: ManualGift) -> Gift:
    """Write and book a gift that staff saw. The same proof twice is refused by the ledger's source.

    Raises ValueError for a channel that is not staff's, django.db.IntegrityError for a used proof.
    """
    if given.channel not in CLEARING:
        raise ValueError(given.channel)
    with transaction.atomic():
        gift = gifts.begin_gift(
            gifts.NewGift(
                campaign=given.campaign,
                amount_ore=given.amount_ore,
                giver=given.giver,
                language=given.language,
                channel=given.channel,
                origin="staff",
            )
        )
        confirm_by_hand(gift, given.received_at, given.proof, given.by)
        audit.log_change(
            by=given.by,
            action="gift.entered",
            subject_type="gift",
            subject_ref=gift.ref,
            after={"amount_ore": given.amount_ore, "channel": str(given.channel)},
        )
    gift.refresh_from_db()
    return gift


def confirm_by_hand(gift: Gift, received_at: datetime, proof: str, by: str) -> bool:
    """The bank's report shows the money of a waiting gift (a plain Swish number, a transfer)."""
    return gifts.record_gift(
        gift.pk,
        gifts.Receipt(
            channel=gift.channel,
            amount_ore=gift.amount_ore,
            provider_ref=f"manual:{proof}",
            received_at=received_at,
            movement=_movement(gift, f"manual:{proof}", received_at, by),
        ),
    )


def confirm_refund_by_hand(refund: Refund, at: datetime, proof: str, by: str) -> bool:
    """The bank line shows a refund that staff sent: cash, giro, plain Swish."""
    return refunds.record_refund(
        refund.gift_id,
        refunds.RefundSeen(
            provider_ref=f"manual:{proof}",
            amount_ore=refund.amount_ore,
            at=at,
            movement=_movement(refund.gift, f"manual:refund:{proof}", at, by),
            our_ref=refund.ref,
        ),
    )


def _movement(gift: Gift, source: str, at: datetime, by: str) -> Movement:
    return Movement(
        source=source, at=at, by=by, document=source, clearing=BACK_BY_HAND[Channel(gift.channel)]
    )
