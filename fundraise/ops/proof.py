"""Every identity of the books, recomputed at one instant, as a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fundraise import clock
from fundraise.ledger import proving
from fundraise.ledger.checks import DIFFERS, Check

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and when."""

    at: datetime
    checks: list[Check]

    @property
    def differing(self) -> list[Check]:
        return [check for check in self.checks if check.status == DIFFERS]

    @property
    def ok(self) -> bool:
        return not self.differing

    def as_json(self) -> Json:
        """The stable form: documented in docs/proofs.md."""
        checks = [as_json(check) for check in self.checks]
        return {"ok": self.ok, "at": self.at.isoformat(), "checks": checks}


def as_json(check: Check) -> Json:
    """One check, its keys in the order a person reads them."""
    return {
        "name": check.name,
        "expected": check.expected,
        "actual": check.actual,
        "difference": check.difference,
        "status": check.status,
        "note": check.note,
        "letter": check.letter,
        "source": check.source,
    }


def prove(paths: Sequence[str] | None = None) -> Verdict:
    """Run every proof of the settings, or those named, in one snapshot."""
    at = clock.now()
    return Verdict(at, proving.all_checks(paths))
