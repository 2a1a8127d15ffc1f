"""A split that was wrong: the parts are one item again, while none of them is said to be anything.

The parts stay, joined, with what was said of them before; the whole is open and lies in suspense
as it did. What a bank's own file told as parts is never joined.
"""

from __future__ import annotations

from django.db import transaction

from fundraise.audit import services as audit
from fundraise.reconciliation import exceptions, suspense, watching
from fundraise.reconciliation.deciding.errors import DecideError
from fundraise.reconciliation.deciding.standing import ABOUT_ITEM, OPEN
from fundraise.reconciliation.models import Item, Match


def may_be_joined(item: Item) -> bool:
    """Whether a person split it, and no part has been decided."""
    return item.state == Item.State.SPLIT and not _in_the_way(item, _parts(item))


def _parts(item: Item) -> list[Item]:
    parts = item.parts.exclude(state=Item.State.JOINED)
    return list(parts.select_related("account").order_by("pk"))


def _in_the_way(item: Item, parts: list[Item]) -> str:
    if any(part.statement_id != item.statement_id for part in parts):
        return "from_bank"  # its payers came in a file of their own
    return "" if all(part.state in OPEN for part in parts) else "parts"


@transaction.atomic
def join(item_id: int, *, by: str) -> Item:
    """One item again. Raises DecideError: not_open (it is not split), from_bank, parts."""
    rows = Item.objects.select_for_update(of=("self",), no_key=True)
    item = rows.select_related("account").get(pk=item_id)
    if item.state != Item.State.SPLIT:
        raise DecideError("not_open")
    list(rows.filter(part_of=item).order_by("pk"))  # nobody decides one of them meanwhile
    parts = _parts(item)
    if code := _in_the_way(item, parts):
        raise DecideError(code)
    _end(parts, by)
    item.state = Item.State.UNKNOWN
    item.save(update_fields=["state"])
    suspense.park([item], by=by)
    audit.log_change(
        by=by,
        action="bank_item.joined",
        subject_type="bank_item",
        subject_ref=item.ref,
        after={"count": len(parts)},
    )
    return item


def _end(parts: list[Item], by: str) -> None:
    suggested = Match.objects.filter(item__in=parts, state=Match.State.SUGGESTED)
    watching.end(list(suggested), by=by, why="joined")
    for part in parts:
        suspense.release(part, by=by)
        part.state = Item.State.JOINED
    Item.objects.bulk_update(parts, ["state"])
    for code in ABOUT_ITEM:
        exceptions.solved(code, [f"item:{part.ref}" for part in parts], by=by)
