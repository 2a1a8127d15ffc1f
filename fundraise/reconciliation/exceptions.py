"""The one door of the exceptions queue: what no rule could settle is opened, owned and settled.

A subject is "kind:ref" ("item:<ref>", "payout:<ref>", "statement:<account ref>:2026-11-02"). While
it is open for a reason it stands once, however often it is found; settled, it may open again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from fundraise import bankdays, clock
from fundraise.audit import reasons
from fundraise.audit import services as audit
from fundraise.reconciliation.models import QueueItem

Code = QueueItem.Code
SYSTEM = "system:treasury"
# Bank days within which somebody should have looked; money that must go back has law's own day.
DUE = {
    Code.GAP: 1,
    Code.DIFFERS: 1,
    Code.NEGATIVE: 1,
    Code.RETURNED: 3,
    Code.PAYOUT_FAILED: 2,
    Code.AUTOGIRO_REFUSED: 2,
    Code.UNKNOWN_CATEGORY: 2,
    Code.CURRENCY: 3,
    Code.DISPUTE: 3,
}
USUALLY_DUE = 5
# What a person says was done; what the house found by itself is "solved_itself".
HOW = ("placed", "paid_back", "mended", "known", "asked_bank", "not_ours", "right_as_it_is")
SOLVED_ITSELF = "solved_itself"


class QueueError(ValueError):
    """It can't be done; nothing was changed. Codes: settled, how, personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to settle. `facts` holds codes and sums, nothing of a person."""

    code: str
    subject: str
    entity_id: int
    amount_ore: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    due_on: date | None = None


def open_(
    code: str,
    subject: str,
    *,
    entity_id: int,
    amount_ore: int | None = None,
    facts: Mapping[str, object] | None = None,
    due_on: date | None = None,
) -> QueueItem:
    """Put one thing into the queue; the one that is open already when there is one."""
    open_many([Found(code, subject, entity_id, amount_ore, facts or {}, due_on)])
    return QueueItem.objects.get(code=code, subject=subject, state=QueueItem.State.OPEN)


def open_many(found: Iterable[Found]) -> None:
    """The same for many, in one statement; what is open stays as it is, with its owner and age."""
    now, today = clock.now(), clock.today()
    QueueItem.objects.bulk_create(
        [
            QueueItem(
                entity_id=one.entity_id,
                code=one.code,
                subject=one.subject[:90],
                amount_ore=one.amount_ore,
                facts=dict(one.facts),
                opened_at=now,
                due_on=one.due_on or bankdays.add(today, DUE.get(Code(one.code), USUALLY_DUE)),
            )
            for one in found
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def solved(code: str, subjects: Iterable[str], *, how: str = SOLVED_ITSELF, by: str = "") -> int:
    """What the subjects waited for has come about: they leave the queue. Returns how many."""
    waiting = QueueItem.objects.filter(code=code, subject__in=list(subjects), state="open")
    return waiting.update(
        state=QueueItem.State.SETTLED,
        settled_at=clock.now(),
        settled_by=(by or SYSTEM)[:60],
        how=how,
    )


def settle(item_id: int, *, how: str, by: str, note: str = "") -> QueueItem:
    """A person says what was done. Raises QueueError: settled, how, personal."""
    if how not in HOW:
        raise QueueError("how")
    _names_nobody(note)
    with transaction.atomic():
        item = _open(item_id)
        item.state, item.how = QueueItem.State.SETTLED, how
        item.settled_at, item.settled_by = clock.now(), by[:60]
        item.note = note[:200] or item.note
        item.save(update_fields=["state", "how", "settled_at", "settled_by", "note"])
        _log(item, "exception.settled", by, {"code": item.code, "how": how})
    return item


def assign(item_id: int, owner: User | None, *, by: str) -> QueueItem:
    """Somebody takes it on, or nobody has it any more. Raises QueueError: settled."""
    with transaction.atomic():
        item = _open(item_id)
        item.owner = owner
        item.save(update_fields=["owner"])
        who = f"staff:{owner.pk}" if owner else ""
        _log(item, "exception.assigned", by, {"code": item.code, "who": who})
    return item


def note(item_id: int, text: str, *, by: str) -> QueueItem:
    """A remark that names no person. Raises QueueError: settled, personal."""
    _names_nobody(text)
    with transaction.atomic():
        item = _open(item_id)
        item.note = text[:200]
        item.save(update_fields=["note"])
        _log(item, "exception.noted", by, {"code": item.code})
    return item


def _open(item_id: int) -> QueueItem:
    item = QueueItem.objects.select_for_update(no_key=True, of=("self",)).get(pk=item_id)
    if item.state != QueueItem.State.OPEN:
        raise QueueError("settled")
    return item


def _names_nobody(text: str) -> None:
    if reasons.tell_of_a_person(text):
        raise QueueError("personal")


def _log(item: QueueItem, action: str, by: str, after: Mapping[str, object]) -> None:
    audit.log_change(
        by=by, action=action, subject_type="exception", subject_ref=item.ref, after=after
    )
