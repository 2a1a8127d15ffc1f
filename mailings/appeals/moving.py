"""The one mover of an appeal's state: by the table, once, with a row of who and why."""

from __future__ import annotations

from collections.abc import Mapping

from fundraise import states
from mailings.appeals.models import Appeal, AppealTransition
from mailings.appeals.states import APPEAL


def move(
    appeal: Appeal,
    new: str,
    *,
    by: str,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
) -> bool:
    """From the state that `appeal` was read in to a new one; False when it has left it since."""
    moved = states.advance(
        Appeal,
        appeal.pk,
        old=appeal.state,
        new=new,
        allowed=APPEAL,
        transition_model=AppealTransition,
        by=by,
        reason=reason[:200],
        changes=changes,
    )
    if moved:
        appeal.state = new
        for name, value in (changes or {}).items():
            setattr(appeal, name, value)
    return moved
