"""Money that is not placed: it lies in suspense until somebody knows, and leaves it when they do.

What lies there is exactly the booked items that are open: each has the journal that put it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fundraise import clock
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Journal
from fundraise.ledger.services import EntryDraft, JournalDraft, post_journals
from fundraise.reconciliation.models import Item

SERIES, CLEARING, SUSPENSE = "B", "giro_clearing", "suspense"


def now() -> datetime:
    """The product's time."""
    return clock.now()


def entry(debit: str, credit: str, ore: int) -> EntryDraft:
    """So much from credit to debit; below zero the other way."""
    return EntryDraft(debit, credit, ore) if ore > 0 else EntryDraft(credit, debit, -ore)


def park(items: Sequence[Item], *, by: str) -> None:
    """Put booked items that nobody has placed into suspense, in the caller's transaction."""
    waiting = [item for item in items if item.suspense_journal_id is None]
    if not waiting:
        return
    posted = post_journals([_draft(item, by) for item in waiting])
    for item, one in zip(waiting, posted, strict=True):
        item.suspense_journal_id = one.id
        item.parked += 1
    Item.objects.bulk_update(waiting, ["suspense_journal", "parked"], batch_size=1000)


def _draft(item: Item, by: str) -> JournalDraft:
    source = f"item:{item.ref}:suspense"
    return JournalDraft(
        entity_id=item.account.entity_id,
        series=SERIES,
        event_date=item.booked_on,
        text=f"Oidentifierad post {item.ref}",
        source=f"{source}:{item.parked + 1}" if item.parked else source,
        by=by,
        entries=[entry(CLEARING, SUSPENSE, item.amount_ore)],
        document=f"statement:{item.statement_id}",
    )


def release(item: Item, *, by: str) -> None:
    """Take an item out of suspense, back to where its line put it: a linked reversal."""
    if item.suspense_journal_id is None:
        return
    journal = Journal.objects.select_related("series").get(pk=item.suspense_journal_id)
    draft = ledger.reversal_of(
        journal, event_date=clock.today(), text=f"Ur oidentifierat {item.ref}", by=by
    )
    post_journals([draft])
    item.suspense_journal_id = None
    item.save(update_fields=["suspense_journal"])
