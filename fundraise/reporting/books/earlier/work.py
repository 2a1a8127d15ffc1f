"""settings.WORK["earlier_book"] and ["earlier_undo"]: a list of earlier gifts booked or taken back.

Both may run again: a list is booked in one transaction, and a gift that is taken back is passed
over.
"""

from __future__ import annotations

from typing import Any

from fundraise.gifts import undoing
from fundraise.gifts.models import Gift
from fundraise.gifts.refunds import RefundError
from fundraise.jobs.work import Pace, WorkError
from fundraise.ledger.models import Journal
from fundraise.reporting.books.earlier import services
from fundraise.reporting.books.models import EarlierList

TEXT = "Gåva från före starten, tillbakatagen"


def book(arguments: dict[str, Any], pace: Pace) -> None:
    """Book a list."""
    row = _list(arguments)
    pace.step(0, 1)
    if row.state == EarlierList.State.BOOKING:
        services.booked(row)


def undo(arguments: dict[str, Any], pace: Pace) -> None:
    """Take a list back. Raises WorkError when a gift of it went back to its giver meanwhile."""
    row = _list(arguments)
    if row.state != EarlierList.State.UNDOING:
        return
    gifts = Gift.objects.filter(earlier__list=row).order_by("pk")
    pace.step(0, gifts.count())
    stuck = 0
    for done, gift in enumerate(gifts.iterator(), 1):
        stuck += not _is_taken_back(gift, row)
        pace.step(done)
    if stuck:
        raise WorkError("some_moved")
    services.undone(row)


def _is_taken_back(gift: Gift, row: EarlierList) -> bool:
    if gift.refunds.filter(origin=undoing.ORIGIN).exists():
        return True
    journal = Journal.objects.get(entity=gift.entity_id, source=gift.provider_ref)
    try:
        undoing.undo_gift(
            gift.pk, journal, event_date=journal.event_date, by=row.undone_by, why=row.why,
            text=TEXT,
        )  # fmt: skip
    except RefundError:
        return False
    return True


def _list(arguments: dict[str, Any]) -> EarlierList:
    rows = EarlierList.objects.select_related("entity", "campaign")
    return rows.get(pk=arguments["list"])
