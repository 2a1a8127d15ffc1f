"""One line of the proof: what must be equal, and whether it is.

Each package offers `checks()`; `verify_books` asks those that settings.PROOFS names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

OK = "ok"
DIFFERS = "differs"
WAITING = "waiting"
NOT_APPLICABLE = "not_applicable"

# How far a check looked: at everything, at what came after a checkpoint (everything before it was
# proved then), or at nothing, because a limited proof leaves it to the next whole one.
WHOLE = "whole"
SINCE = "since"
LEFT = "left"


@dataclass(frozen=True, slots=True)
class Check:
    """An identity: `expected` and `actual` are öre or counts; `status` follows unless given.

    The daily proof shows it under its `letter` (A to H), once for each `source`; one of no legal
    entity concerns the whole house. `rows` say where to look ("payout:<ref>"). What waits for a
    file says which, and the day it is due. `reach` says how far it looked.
    """

    name: str
    expected: int | str
    actual: int | str
    status: str = ""
    note: str = ""
    letter: str = ""
    entity_id: int | None = None
    source: str = ""
    rows: tuple[str, ...] = ()
    waiting_for: str = ""
    due_on: date | None = None
    reach: str = WHOLE

    def __post_init__(self) -> None:
        if not self.status:
            object.__setattr__(self, "status", OK if self.expected == self.actual else DIFFERS)

    @property
    def difference(self) -> int | None:
        """Actual less expected, where both are numbers."""
        if isinstance(self.expected, int) and isinstance(self.actual, int):
            return self.actual - self.expected
        return None


def left(name: str, *, letter: str = "", source: str = "") -> Check:
    """What a limited proof does not look at, told by its name: nothing is passed over silently."""
    return Check(name, "-", "-", NOT_APPLICABLE, "left to the whole proof", letter=letter,
                 source=source, reach=LEFT)  # fmt: skip


Proof = Callable[[], Iterator[Check]]
