"""Gifts that a pledge or the bank has brought: written as received at once, in a few statements.

A draw is begun, sent and answered as a collection of its pledge; the gift is made when the money is
seen. What the giver typed stays on the pledge, and so does the telling: the pledge's own fact names
the period that was paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fundraise import clock, copying
from fundraise.campaigns.models import Campaign
from fundraise.gifts import booking
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Gift, GiftTransition

ORIGIN = "pledge"


@dataclass(frozen=True, slots=True)
class Given:
    """Money seen: whose, how much (öre), how it came, its movement and what brought it."""

    campaign: Campaign
    donor_id: int | None
    giver_key: bytes | None
    amount_ore: int
    channel: str
    language: str
    reference: str
    provider_ref: str
    received_at: datetime
    movement: Movement
    event_id: str = ""
    origin: str = ORIGIN
    identified: bool = False
    organisation: bool = False
    residence_country: str = ""
    card_country: str = ""
    iban_country: str = ""


def record_given(all_given: Sequence[Given]) -> list[Gift]:
    """Write the gifts, their journals and the thermometer, in order, in the caller's transaction.

    Raises django.db.IntegrityError when a `provider_ref` has a gift already: the caller looks
    first, with the pledge's rows locked.
    """
    if not all_given:
        return []
    now = clock.now()
    ids = copying.next_ids(Gift, len(all_given))
    gifts = [_gift(pk, given, now) for pk, given in zip(ids, all_given, strict=True)]
    copying.copy(Gift, _GIFT, ([getattr(gift, name) for name in _GIFT] for gift in gifts))
    copying.copy(
        GiftTransition,
        _STEP,
        (
            (
                pk,
                Gift.State.PENDING,
                Gift.State.RECEIVED,
                now,
                given.movement.by,
                "",
                given.event_id,
            )
            for pk, given in zip(ids, all_given, strict=True)
        ),
    )
    booking.book_gifts([(gift, one.movement) for gift, one in zip(gifts, all_given, strict=True)])
    return gifts


_GIFT = (
    "id", "ref", "entity_id", "campaign_id", "donor_id", "state", "channel", "amount_ore",
    "currency", "language", "giver_key", "origin", "reference", "provider_ref", "created_at",
    "received_at", "refunded_ore", "disputed_ore", "fee_ore", "identified", "organisation",
    "residence_country", "card_country", "iban_country",
)  # fmt: skip
_STEP = ("gift_id", "from_state", "to_state", "at", "by", "reason", "event_id")


def _gift(pk: int, given: Given, now: datetime) -> Gift:
    return Gift(
        pk=pk,
        entity_id=given.campaign.entity_id,
        campaign=given.campaign,
        donor_id=given.donor_id,
        state=Gift.State.RECEIVED,
        channel=given.channel,
        amount_ore=given.amount_ore,
        language=given.language,
        giver_key=given.giver_key,
        origin=given.origin,
        reference=given.reference,
        provider_ref=given.provider_ref,
        created_at=now,
        received_at=given.received_at,
        identified=given.identified,
        organisation=given.organisation,
        residence_country=given.residence_country,
        card_country=given.card_country,
        iban_country=given.iban_country,
    )
