"""Money on our giro that no rule can place is booked to suspense until a person has decided."""

from __future__ import annotations

from datetime import date

from fundraise.gifts.booking import SERIES
from fundraise.ledger.services import EntryDraft, JournalDraft, post_journals
from fundraise.providers.giro.applying.work import Row, Work

CLEARING, SUSPENSE = "giro_clearing", "suspense"


def book(work: Work, row: Row, ore: int, on: date) -> None:
    """In (above zero) or out; once for each meaning of a row."""
    if ore == 0:
        return
    debit, credit = (CLEARING, SUSPENSE) if ore > 0 else (SUSPENSE, CLEARING)
    post_journals(
        [
            JournalDraft(
                entity_id=work.entity_id,
                series=SERIES,
                event_date=on,
                text=f"Autogiro utan avsändare {work.file.ref}",
                source=row.event_id,
                by="system:autogiro",
                entries=[EntryDraft(debit, credit, abs(ore))],
                document=f"giro:{work.file.ref}",
            )
        ]
    )
