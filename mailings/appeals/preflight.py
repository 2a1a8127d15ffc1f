"""What is looked at before an appeal may be scheduled: each point green, or why it is not.

A point that blocks must be mended; one that warns is for a person to weigh. The pages have the
words for each code (`args` go into them); no point sends anything or changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mailings.appeals.models import Appeal

OK, WARN, BLOCK, UNKNOWN = "ok", "warn", "block", "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One point: `code` names it, `args` are the figures and places of its words."""

    code: str
    state: str
    args: dict[str, Any] = field(default_factory=dict)


def run(
    appeal: Appeal, *, send_at: datetime | None = None, zone: str = "", reason: str = ""
) -> list[Check]:
    """Every point of an appeal, in the order in which they are shown."""
    return list(_run(appeal, send_at, zone or appeal.zone, reason))


def _run(appeal: Appeal, send_at: datetime | None, zone: str, reason: str) -> Iterator[Check]:
    from mailings.appeals import looks  # its modules have this one's Check

    yield from looks.words(appeal)
    yield from looks.sender(appeal)
    yield from looks.people(appeal)
    yield from looks.time(appeal, send_at, zone, reason)


def blocking(checks: Sequence[Check]) -> list[Check]:
    """The points that must be mended."""
    return [check for check in checks if check.state == BLOCK]


def people(checks: Sequence[Check]) -> int:
    """How many people the points were looked at for."""
    found = next((check for check in checks if check.code == "people"), None)
    return int(found.args["people"]) if found is not None else 0
