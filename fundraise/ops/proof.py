"""Every identity of the books, recomputed at one instant.

settings.PROOFS names functions that yield checks. All of them run in one read-only snapshot, so
that a gift booked meanwhile is in every number or in none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from fundraise import clock
from fundraise.ledger.checks import DIFFERS, Check
from fundraise.logs import describe

log = structlog.get_logger(__name__)

READS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
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
    }


def prove(paths: Sequence[str] | None = None) -> Verdict:
    """Run every proof of the settings, or those named, in one snapshot."""
    at = clock.now()
    with _snapshot():
        checks = [check for path in paths or settings.PROOFS for check in _checks_of(path)]
    return Verdict(at, checks)


@contextmanager
def _snapshot() -> Iterator[None]:
    """One view of the database. In a transaction of the caller's (a test) it is the caller's."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute(READS)
        yield


def _checks_of(path: str) -> list[Check]:
    """A proof that breaks is itself a difference, and the others go on."""
    found: list[Check] = []
    try:
        with transaction.atomic():
            found.extend(import_string(path)())
    except Exception as error:
        log.error("proof_broke", proof=path, error=describe(error))
        found.append(Check(f"{path} runs to its end", "-", "-", DIFFERS, describe(error)))
    return found
