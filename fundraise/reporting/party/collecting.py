"""Cash collections: the slip, its money as one gift of nobody, and the deposit that shows it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from fundraise.gifts import services as gifts
from fundraise.gifts.booking import Movement
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Channel
from fundraise.reconciliation.models import Item, Kind
from fundraise.refs import new_ref
from fundraise.reporting.party import bank_lines
from fundraise.reporting.party.errors import PartyError, names_nobody
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
    names_nobody(slip.place, slip.slip)
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


# --- Paid in at the bank --------------------------------------------------------------------------
def not_paid_in() -> QuerySet[CashCollection]:
    """Slips whose notes no line of the bank shows."""
    return CashCollection.objects.filter(deposit_ref=None).exclude(bank_lines.shown_by("line"))


@transaction.atomic
def pay_in(refs: Collection[UUID], item: Item, *, by: str) -> list[CashCollection]:
    """The bank's line that shows the notes of some slips: Dr giro clearing Cr cash.

    Raises PartyError: not_open, other_entity, line_sum, line_gone.
    """
    rows = _waiting(refs)
    if {row.entity_id for row in rows} != {item.account.entity_id}:
        raise PartyError("other_entity")
    ore = sum(row.amount_ore for row in rows)
    match = bank_lines.decide(item, Kind.CASH_DEPOSIT, ore, [row.ref for row in rows], by=by)
    for row in rows:
        row.line, row.deposited_on = match, item.booked_on
        row.save(update_fields=["line", "deposited_on"])
        _log_deposit(row, by)
    return rows


@transaction.atomic
def note_deposit(ref: UUID, *, deposit_ref: str, on: date, by: str) -> CashCollection:
    """The bank's line by its name, where no bank is followed here; nothing is booked.

    Raises PartyError: not_open, personal, deposit_used.
    """
    [row] = _waiting([ref])
    names_nobody(deposit_ref)
    row.deposit_ref, row.deposited_on = deposit_ref, on
    try:
        with transaction.atomic():
            row.save(update_fields=["deposit_ref", "deposited_on"])
    except IntegrityError:
        raise PartyError("deposit_used") from None
    _log_deposit(row, by)
    return row


def _waiting(refs: Collection[UUID]) -> list[CashCollection]:
    """Locked. Raises PartyError("not_open")."""
    rows = list(
        CashCollection.objects.select_for_update(of=("self",)).filter(ref__in=refs).order_by("pk")
    )
    waits = not_paid_in().filter(ref__in=refs).count()
    if not rows or not len(rows) == waits == len(set(refs)):
        raise PartyError("not_open")
    return rows


def _log_deposit(row: CashCollection, by: str) -> None:
    audit.log_change(
        by=by, action="party.collection.deposited", subject_type="party_cashcollection",
        subject_ref=row.ref, after={"on": row.deposited_on},
    )  # fmt: skip
