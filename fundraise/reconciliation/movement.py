"""What every journal of a match has in common: its name, its day, and where the money lay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time

from fundraise import clock
from fundraise.ledger.services import EntryDraft, JournalDraft
from fundraise.reconciliation.models import Match
from fundraise.reconciliation.suspense import CLEARING, SERIES, SUSPENSE

NOON = time(12)


@dataclass(slots=True)
class Booked:
    """What came of some matches: whose journal is which."""

    journals: dict[int, int] = field(default_factory=dict)


def clearing_of(match: Match) -> str:
    """Where the item's money lies now."""
    return SUSPENSE if match.item.suspense_journal_id is not None else CLEARING


def noon_of(match: Match) -> datetime:
    """When the money is said to have come: the middle of the bank's day."""
    return datetime.combine(match.item.booked_on, NOON, clock.STOCKHOLM)


def source_of(match: Match) -> str:
    """The ledger's name of what a match did."""
    return f"match:{match.ref}"


def draft_of(match: Match, one: EntryDraft, text: str) -> JournalDraft:
    """A voucher of the account's entity: its text names the item's ref and never a person."""
    item = match.item
    return JournalDraft(
        entity_id=item.account.entity_id,
        series=SERIES,
        event_date=item.booked_on,
        text=f"{text} {item.ref}",
        source=source_of(match),
        by=match.by,
        entries=[one],
        document=f"bank:{item.ref}",
    )
