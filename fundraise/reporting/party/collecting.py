"""Cash collections: the slip, its money as one gift of nobody, and the deposit that shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from fundraise import clock, crypto
from fundraise.audit import reasons
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from fundraise.gifts import services as gifts
from fundraise.gifts.booking import Movement
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Channel
from fundraise.refs import new_ref
from fundraise.reporting.party.errors import PartyError
from fundraise.reporting.party.models import CashCollection
from fundraise.reporting.receipts import COLLECTION


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on the paper: where, when, how much, and who counted."""

    campaign: Campaign
    held_at: datetime
    place: str
    amount_ore: int
    slip: str
    counters: tuple[str, str] = field(repr=False)


@transaction.atomic
def enter_collection(slip: Slip, *, by: str) -> CashCollection:
    """Keep a slip and book its money, Dr cash Cr gifts, once.

    Raises PartyError: counters_missing, counters_alike, day_ahead, personal, slip_used.
    """
    first, second = (" ".join(name.split()) for name in slip.counters)
    if not first or not second:
        raise PartyError("counters_missing")
    if first.casefold() == second.casefold():
        raise PartyError("counters_alike")
    if slip.held_at > clock.now():
        raise PartyError("day_ahead")
    if reasons.tell_of_a_person(f"{slip.place} {slip.slip}"):
        raise PartyError("personal")
    row = CashCollection(
        ref=new_ref(), entity_id=slip.campaign.entity_id, campaign=slip.campaign,
        held_at=slip.held_at, place=slip.place, amount_ore=slip.amount_ore, slip=slip.slip,
        entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    sealed = json.dumps([first, second]).encode()
    row.counters_sealed = crypto.seal(sealed, context=f"collection:{row.ref}")
    if CashCollection.objects.filter(entity_id=row.entity_id, slip=slip.slip).exists():
        raise PartyError("slip_used")
    try:
        with transaction.atomic():
            _book(row, by)
    except IntegrityError:  # the same slip, sent twice at once
        raise PartyError("slip_used") from None
    audit.log_change(
        by=by, action="party.collection.entered", subject_type="party_cashcollection",
        subject_ref=row.ref, after={"amount_ore": row.amount_ore, "gift": row.gift.ref},
    )  # fmt: skip
    return row


def _book(row: CashCollection, by: str) -> None:
    row.gift = gifts.begin_gift(
        gifts.NewGift(
            campaign=row.campaign,
            amount_ore=row.amount_ore,
            giver=Giver(),
            channel=Channel.CASH,
            origin=COLLECTION,
        )
    )
    row.save(force_insert=True)
    source = f"collection:{row.ref}"
    gifts.record_gift(
        row.gift_id,
        gifts.Receipt(
            channel=Channel.CASH,
            amount_ore=row.amount_ore,
            provider_ref=source,
            received_at=row.held_at,
            movement=Movement(
                source=source, at=row.held_at, by=by, document=source, clearing="cash"
            ),
        ),
    )


def counters_of(row: CashCollection) -> tuple[str, str]:
    """Who counted. Whoever shows it writes the read log."""
    plain = crypto.unseal(bytes(row.counters_sealed), context=f"collection:{row.ref}")
    first, second = json.loads(plain)
    return first, second


@transaction.atomic
def tie_deposit(ref: UUID, *, deposit_ref: str, on: date, by: str) -> CashCollection:
    """The bank's line that shows the notes paid in. Raises PartyError: not_open, deposit_used."""
    row = CashCollection.objects.select_for_update().get(ref=ref)
    if row.deposit_ref is not None:
        raise PartyError("not_open")
    if reasons.tell_of_a_person(deposit_ref):
        raise PartyError("personal")
    row.deposit_ref, row.deposited_on = deposit_ref, on
    try:
        with transaction.atomic():
            row.save(update_fields=["deposit_ref", "deposited_on"])
    except IntegrityError:
        raise PartyError("deposit_used") from None
    audit.log_change(
        by=by, action="party.collection.deposited", subject_type="party_cashcollection",
        subject_ref=row.ref, after={"on": on},
    )  # fmt: skip
    return row
