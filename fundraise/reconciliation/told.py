"""What others tell that somebody must look at: disputes, refused draws, files in other money.

Looked for every hour. What a person settled does not come back; what is over leaves by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Sum

from fundraise import clock
from fundraise.gifts.models import Dispute
from fundraise.ledger.queries import default_entity
from fundraise.providers.giro.models import InRow
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.exceptions import Code, Found
from fundraise.reconciliation.models import QueueItem, StatementFile

LOOK_BACK = timedelta(days=120)
REFUSED = ("1", "2")  # of a draw: no cover, no account; a renewed one (9) is not lost
DRAW = "82"


def watch() -> int:
    """Put what is new into the queue, and take out what is over. Returns how many are new."""
    found = {one.subject: one for one in (*_disputes(), *_refused_draws(), *_other_money())}
    codes = [Code.DISPUTE, Code.AUTOGIRO_REFUSED, Code.CURRENCY]
    known = QueueItem.objects.filter(code__in=codes, subject__in=found)
    new = found.keys() - set(known.values_list("subject", flat=True))
    exceptions.open_many(found[subject] for subject in sorted(new))
    for code in (Code.DISPUTE, Code.CURRENCY):
        waiting = QueueItem.objects.filter(code=code, state=QueueItem.State.OPEN)
        over = set(waiting.values_list("subject", flat=True)) - found.keys()
        exceptions.solved(code, over)
    return len(new)


def _disputes() -> Iterator[Found]:
    """Those that are open, until their last day to answer."""
    rows = Dispute.objects.filter(state=Dispute.State.OPEN).select_related("gift")
    for row in rows.order_by("pk"):
        yield Found(
            Code.DISPUTE,
            f"dispute:{row.ref}",
            row.gift.entity_id,
            row.amount_ore,
            {"gift": str(row.gift.ref)},
            clock.local_date(row.due_at) if row.due_at else None,
        )


def _refused_draws() -> Iterator[Found]:
    """A file's are one matter: givers are told and draws tried anew by themselves."""
    rows = (
        InRow.objects.filter(
            file__applied_at__gte=clock.now() - LOOK_BACK,
            result=InRow.Result.APPLIED,
            kind=DRAW,
            code__in=REFUSED,
            collection__isnull=False,
        )
        .values("file__ref", "file__agreement__account__entity")
        .annotate(number=Count("pk"), ore=Sum("amount_ore"))
    )
    for row in rows.order_by("file"):
        entity = row["file__agreement__account__entity"]
        subject, facts = f"giro_file:{row['file__ref']}", {"rows": row["number"]}
        yield Found(Code.AUTOGIRO_REFUSED, subject, entity, row["ore"], facts)


def _other_money() -> Iterator[Found]:
    """Statements of an account in another currency, which nobody's books follow."""
    rows = StatementFile.objects.filter(
        state=StatementFile.State.REFUSED,
        reason="currency",
        received_at__gte=clock.now() - LOOK_BACK,
    )
    for ref, entity in rows.order_by("pk").values_list("ref", "entity"):
        yield Found(Code.CURRENCY, f"statement_file:{ref}", entity or default_entity().pk)
