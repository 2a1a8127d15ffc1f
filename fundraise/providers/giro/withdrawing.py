"""A file that never left is taken back: its draws are let go, its cancellations come to nothing.

Only while nobody can have it: one that somebody has fetched may be at the bank, whatever is said of
it, and comes into doubt instead, for its draws would be made there and here. Never a file of
mandates: those are still right when they come late, and are delivered then.
"""

from __future__ import annotations

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.jobs import services as jobs
from fundraise.pledges.services import outcomes
from fundraise.providers.giro import delivering
from fundraise.providers.giro.delivering import FAILED, LATE, FileError
from fundraise.providers.giro.models import Order, OutFile

CODE = "withdrawn"


def withdraw(file_id: int, *, by: str) -> int:
    """Take a file back; how many orders were let go.

    Its draws return to their periods, which are drawn on a day that can be announced or are
    skipped; a draw that it would have cancelled is in doubt until the bank tells. Raises FileError:
    left, mandates; fetched (the file is in doubt now, and a person asks the bank).
    """
    with transaction.atomic():
        file = OutFile.objects.select_for_update(no_key=True).get(pk=file_id)
        number = _withdraw(file, by)
    if number is None:
        raise FileError("fetched")
    for code in (LATE, FAILED):
        jobs.resolve_alarms(code, subject=str(file.ref))
    return number


def _withdraw(file: OutFile, by: str) -> int | None:
    """None: it was fetched, and is in doubt."""
    if file.kind == OutFile.Kind.MANDATES:
        raise FileError("mandates")
    if file.state == OutFile.State.READY and file.fetched_at is not None:
        delivering.doubt_fetched(file, "fetched", by)
        return None
    moved = OutFile.objects.filter(
        pk=file.pk, state__in=[OutFile.State.WAITING, OutFile.State.READY], fetched_at=None
    ).update(state=OutFile.State.WITHDRAWN, note=CODE)
    if not moved:
        raise FileError("left")
    number = _let_go(file)
    audit.log_change(
        by=by,
        action="giro_file.withdrawn",
        subject_type="giro_file",
        subject_ref=file.ref,
        after={"kind": file.kind, "count": number, "amount_ore": file.sum_ore},
    )
    return number


def _let_go(file: OutFile) -> int:
    event = f"giro:{CODE}:{file.ref}"
    orders = file.orders.filter(answered_at=None).order_by("pk")
    for order in orders:
        if order.collection_id is None:
            continue
        if order.kind == Order.Kind.DRAW:
            outcomes.cancelled(order.collection_id, CODE, event, cancel_for="plan")
        else:
            outcomes.not_cancelled(order.collection_id, CODE, event)
    return orders.update(answer=CODE, answered_at=clock.now())
