"""Move one row along its table, with its step: what every other module here calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.outbox import services as outbox
from fundraise.pledges import states
from fundraise.pledges.models import (
    Collection,
    CollectionTransition,
    Instalment,
    InstalmentTransition,
    Mandate,
    MandateTransition,
    Pledge,
    PledgeTransition,
)
from fundraise.states import Transition, advance


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of row, the steps that it leaves and the moves that it may make."""

    model: type[Model]
    steps: type[Transition]
    allowed: Mapping[str, set[str]]


PLEDGE = Table(Pledge, PledgeTransition, states.PLEDGE)
MANDATE = Table(Mandate, MandateTransition, states.MANDATE)
INSTALMENT = Table(Instalment, InstalmentTransition, states.INSTALMENT)
COLLECTION = Table(Collection, CollectionTransition, states.COLLECTION)
FACTS = {"active": "PledgeActive", "halted": "PledgeHalted", "ended": "PledgeEnded"}


def pledge(
    row: Pledge, new: str, *, by: str, reason: str = "", event_id: str = "", **changes: Any
) -> bool:
    """Move a locked pledge and tell it. False when it was there already or the event was seen."""
    if row.state == new:
        return False
    if new == Pledge.State.ENDED:
        changes |= {"ended_at": clock.now(), "end_reason": reason, "paused_until": None}
    elif new != Pledge.State.PAUSED:
        changes |= {"paused_until": None}
    before = row.state
    if not _move(PLEDGE, row, new, by, reason, event_id, changes):
        return False
    if new in FACTS:
        outbox.write(FACTS[new], row.pk)
    audit.log_change(
        by=actor(row, by),
        action="pledge.moved",
        subject_type="pledge",
        subject_ref=row.ref,
        before={"state": before},
        after={"state": new},
        reason=reason,
    )
    return True


def mandate(
    row: Mandate, new: str, *, by: str, reason: str = "", event_id: str = "", **changes: Any
) -> bool:
    """Move a locked mandate. False when it was there already or the event was seen."""
    if row.state == new:
        return False
    now = clock.now()
    if new in states.OVER_MANDATE:
        changes.setdefault("ended_at", now)
    if new in {"active", "refused"}:
        changes.setdefault("decided_at", now)
    if reason:
        changes.setdefault("reason", reason)
    return _move(MANDATE, row, new, by, reason, event_id, changes)


def instalment(
    row: Instalment, new: str, *, by: str, reason: str = "", event_id: str = "", **changes: Any
) -> bool:
    """Move a locked instalment. False when it was there already or the event was seen."""
    if row.state == new:
        return False
    return _move(INSTALMENT, row, new, by, reason, event_id, {"reason": reason, **changes})


def collection(
    row: Collection, new: str, *, by: str, reason: str = "", event_id: str = "", **changes: Any
) -> bool:
    """Move a locked draw. False when it was there already or the event was seen."""
    if row.state == new:
        return False
    if new in {"paid", "surplus", "failed", "cancelled"}:
        changes.setdefault("settled_at", clock.now())
    if reason:
        changes.setdefault("reason", reason)
    return _move(COLLECTION, row, new, by, reason, event_id, changes)


def actor(row: Pledge, by: str) -> str:
    """Who the change log names: a giver goes by the ref of the pledge."""
    return f"donor:{row.ref}" if by == "donor" else by


def _move(
    table: Table, row: Any, new: str, by: str, reason: str, event_id: str, changes: dict[str, Any]
) -> bool:
    """Move the row and show on it what stands in the database then."""
    moved = advance(
        table.model,
        row.pk,
        old=row.state,
        new=new,
        allowed=table.allowed,
        transition_model=table.steps,
        by=by,
        reason=reason,
        event_id=event_id,
        changes=changes,
    )
    if moved:
        for name, value in {"state": new, **changes}.items():
            setattr(row, name, value)
    return moved
