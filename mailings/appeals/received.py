"""Which appeals one donor got, or why not, and what became of each: for the card and the copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from donors import merged
from mailings.appeals.models import Appeal, Batch, Fate, Message

# What may have become true of a mail, in the order in which it is told.
FACTS = (
    "delivered", "bounced", "blocked", "dropped", "complained", "unsubscribed", "replied",
    "human_click",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Received:
    """One appeal to one donor. `state` is the batch's, empty where the mail was not sent."""

    appeal: Appeal
    outcome: str
    state: str
    at: datetime
    facts: dict[str, datetime]


def of_donor(donor_id: int, appeals: QuerySet[Appeal], most: int | None = None) -> list[Received]:
    """The newest appeals first, of those that may be seen.

    The appeals are named one by one, as messages are found by appeal and donor and by nothing else.
    """
    ids = list(appeals.filter(frozen_at__isnull=False).values_list("pk", flat=True))
    records = merged.records_of(donor_id)
    found = Message.objects.filter(appeal_id__in=ids, donor_id__in=records).order_by("-appeal_id")
    rows = list(found[:most] if most is not None else found)
    asked = Appeal.objects.select_related("campaign").in_bulk({row.appeal_id for row in rows})
    batches = Batch.objects.in_bulk({row.batch_id for row in rows if row.batch_id is not None})
    fates = {
        (fate.appeal_id, fate.seq): fate
        for fate in Fate.objects.filter(pk__in=[(row.appeal_id, row.seq) for row in rows])
    }
    return [
        _received(row, asked[row.appeal_id], batches.get(row.batch_id or 0), fates) for row in rows
    ]


def _received(
    row: Message, appeal: Appeal, batch: Batch | None, fates: dict[tuple[int, int], Fate]
) -> Received:
    sent = batch if not row.outcome else None
    at = (sent.posted_at if sent else None) or appeal.started_at or appeal.send_at
    fate = fates.get((row.appeal_id, row.seq))
    facts = {name: getattr(fate, f"{name}_at") for name in FACTS} if fate is not None else {}
    return Received(
        appeal=appeal,
        outcome=row.outcome,
        state=sent.state if sent else "",
        at=at or appeal.created_at,
        facts={name: when for name, when in facts.items() if when is not None},
    )
