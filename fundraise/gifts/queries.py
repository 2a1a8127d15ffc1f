"""Reads of gifts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from fundraise.campaigns.models import Campaign
from fundraise.gifts import giver as givers
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift, GiverDetails
from fundraise.ledger.models import LegalEntity

# What is left of a gift after refunds and disputes, and whether anything is; received gifts only.
STANDING_ORE = F("amount_ore") - F("refunded_ore") - F("disputed_ore")
STANDS = Q(amount_ore__gt=F("refunded_ore") + F("disputed_ore"))


@dataclass(frozen=True, slots=True)
class GiftPage:
    """What the gift's own page may show to whoever holds the link: sum and state, no person."""

    ref: UUID
    state: str
    amount_ore: int
    refunded_ore: int
    disputed_ore: int
    channel: str
    language: str
    created_at: datetime
    campaign: Campaign
    entity: LegalEntity
    can_continue_url: str
    declines: int
    unanswered: bool


def gift_page(ref: UUID) -> GiftPage | None:
    """A gift by its ref, with its open attempt where the provider's page can be gone back to."""
    gift = Gift.objects.filter(ref=ref).select_related("campaign__thermometer", "entity").first()
    if gift is None:
        return None
    # The reverse relation of a row above this layer: read as values, not imported.
    attempts = gift.attempts.order_by("-number").values("state", "url", "declines")
    last = attempts.first() or {"state": "", "url": "", "declines": 0}
    waiting = gift.state == Gift.State.PENDING
    return GiftPage(
        ref=gift.ref,
        state=gift.state,
        amount_ore=gift.amount_ore,
        refunded_ore=gift.refunded_ore,
        disputed_ore=gift.disputed_ore,
        channel=gift.channel,
        language=gift.language,
        created_at=gift.created_at,
        campaign=gift.campaign,
        entity=gift.entity,
        can_continue_url=last["url"] if waiting and last["state"] == "open" else "",
        declines=last["declines"],
        unanswered=waiting and last["state"] in {"created", "paid"},
    )


def givers_of(gift_ids: Iterable[int]) -> dict[int, Giver]:
    """What the givers of some gifts typed, where it has not been forgotten. Raises CryptoError."""
    rows = GiverDetails.objects.filter(gift__in=list(gift_ids), sealed__isnull=False)
    return {
        row.gift_id: givers.unseal(bytes(row.sealed or b""), row.gift.ref)
        for row in rows.select_related("gift")
    }


def giver_of(gift_id: int) -> Giver | None:
    """What the giver typed; None when nothing was, or when it has been forgotten.

    Raises crypto.CryptoError when a key is missing: whoever asks comes again when it is back.
    """
    details = GiverDetails.objects.filter(gift_id=gift_id).select_related("gift").first()
    if details is None or details.sealed is None:
        return None
    return givers.unseal(bytes(details.sealed), details.gift.ref)
