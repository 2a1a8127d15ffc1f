"""A gift's movements as journals and thermometer moves: the one place that knows the accounts.

Every function is called inside the caller's transaction with the gift locked, and locks the ledger
and the thermometer itself, so it comes last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fundraise import clock
from fundraise.campaigns.services import Move, move_thermometer
from fundraise.gifts.models import Gift
from fundraise.ledger.services import EntryDraft, JournalDraft, Posted, post_journals

SERIES = "G"


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came or went: when, its proof, and the role of the account it lies on."""

    source: str
    at: datetime
    by: str
    document: str = ""
    clearing: str = "stripe"
    series: str = SERIES


def journal(gift: Gift, movement: Movement, text: str, entries: list[EntryDraft]) -> JournalDraft:
    """A voucher about a gift: its text names the gift's ref and never a person."""
    return JournalDraft(
        entity_id=gift.entity_id,
        series=movement.series,
        event_date=clock.local_date(movement.at),
        text=f"{text} {gift.ref}",
        source=movement.source,
        by=movement.by,
        document=movement.document,
        entries=entries,
    )


def book_income(gift: Gift, movement: Movement, ore: int, text: str, fee_ore: int = 0) -> bool:
    """Income in (ore above zero) or back out (below), and the fee that came with it.

    Returns False, and moves nothing, when the movement was booked before.
    """
    entries = [_entry(gift, movement.clearing, "gifts", ore)]
    if fee_ore:
        entries.append(_entry(gift, "fees", movement.clearing, fee_ore))
    return book_draft(gift, journal(gift, movement, text, entries), ore)


def book_draft(gift: Gift, draft: JournalDraft, ore: int) -> bool:
    """Post one voucher and move the thermometer by `ore`, once."""
    posted = post_journals([draft])[0]
    if posted.is_new:
        move_thermometer([_move(gift, posted, ore)])
    return posted.is_new


def _entry(gift: Gift, debit: str, credit: str, ore: int) -> EntryDraft:
    """An entry with the gift's campaign on it; a sum below zero turns it round."""
    if ore < 0:
        debit, credit, ore = credit, debit, -ore
    return EntryDraft(debit, credit, ore, campaign_id=gift.campaign.dimension_id)


def book_gift(gift: Gift, movement: Movement, fee_ore: int, fee_source: str) -> None:
    """A whole gift in, and the fee on it where it is known, with one lock of the ledger."""
    entry = _entry(gift, movement.clearing, "gifts", gift.amount_ore)
    drafts = [journal(gift, movement, "Gåva", [entry])]
    if fee_ore:
        drafts.append(_fee(gift, replace(movement, source=fee_source), fee_ore))
    posted = post_journals(drafts)[0]
    if posted.is_new:
        move_thermometer([_move(gift, posted, gift.amount_ore)])


def book_gifts(pairs: Sequence[tuple[Gift, Movement]]) -> None:
    """Whole gifts in, many with one lock of the ledger."""
    drafts = [
        journal(gift, movement, "Gåva", [_entry(gift, movement.clearing, "gifts", gift.amount_ore)])
        for gift, movement in pairs
    ]
    posted = post_journals(drafts)
    move_thermometer(
        [
            _move(gift, one, gift.amount_ore)
            for (gift, _movement), one in zip(pairs, posted, strict=True)
            if one.is_new
        ]
    )


def book_fee(gift: Gift, movement: Movement, ore: int) -> None:
    """What the provider kept (below zero: gave back)."""
    post_journals([_fee(gift, movement, ore)])


def _fee(gift: Gift, movement: Movement, ore: int) -> JournalDraft:
    return journal(gift, movement, "Avgift", [_entry(gift, "fees", movement.clearing, ore)])


def _move(gift: Gift, posted: Posted, ore: int) -> Move:
    """The gift's row already shows the new sums: it begins or ceases to stand by them."""
    after = gift.amount_ore - gift.refunded_ore - gift.disputed_ore
    before = after - ore
    gifts = int(after > 0) - int(before > 0)
    return Move(
        campaign_id=gift.campaign_id,
        day=posted.accounting_date,
        channel=gift.channel,
        amount_ore=ore,
        gifts=gifts,
        giver_key=bytes(gift.giver_key) if gift.giver_key else None,
    )
