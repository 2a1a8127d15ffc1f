"""Move one row along its table, with its step: what every other module here calls."""

from __future__ import annotations

from typing import Any

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
from fundraise.states import advance

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
    if not advance(
        Pledge,
        row.pk,
        old=row.state,
        new=new,
        allowed=states.PLEDGE,
        transition_model=PledgeTransition,
        by=by,
        reason=reason,
        event_id=event_id,
        changes=changes,
    ):
        return False
    _set(row, new, changes)
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
    if not advance(
        Mandate,
        row.pk,
        old=row.state,
        new=new,
        allowed=states.MANDATE,
        transition_model=MandateTransition,
        by=by,
        reason=reason,
        event_id=event_id,
        changes=changes,
    ):
        return False
    _set(row, new, changes)
    return True


def instalment(
    row: Instalment, new: str, *, by: str, reason: str = "", event_id: str = "", **changes: Any
) -> bool:
    """Move a locked instalment. False when it was there already or the event was seen."""
    if row.state == new:
        return False
    moved = advance(
        Instalment,
        row.pk,
        old=row.state,
        new=new,
        allowed=states.INSTALMENT,
        transition_model=InstalmentTransition,
        by=by,
        reason=reason,
        event_id=event_id,
        changes={"reason": reason, **changes},
    )
    if moved:
        _set(row, new, changes)
    return moved


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
    moved = advance(
        Collection,
        row.pk,
        old=row.state,
        new=new,
        allowed=states.COLLECTION,
        transition_model=CollectionTransition,
        by=by,
        reason=reason,
        event_id=event_id,
        changes=changes,
    )
    if moved:
        _set(row, new, changes)
    return moved


def actor(row: Pledge, by: str) -> str:
    """Who the change log names: a giver goes by the ref of the pledge."""
    return f"donor:{row.ref}" if by == "donor" else by


def _set(row: Any, state: str, changes: dict[str, Any]) -> None:
    row.state = state
    for name, value in changes.items():
        setattr(row, name, value)
