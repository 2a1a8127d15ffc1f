"""All the proofs of the settings, run in one read-only snapshot: whole, or since a checkpoint.

settings.PROOFS names functions that yield checks. A gift booked meanwhile is in every number or in
none. For a limited run settings.PROOFS_SINCE names, for each of them, the function that looks at
what is new; "" leaves the proof to the whole run, which is told; one that it doesn't name is tried
whole every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from fundraise import clock
from fundraise.ledger import checkpoints
from fundraise.ledger.checkpoints import End, Since
from fundraise.ledger.checks import DIFFERS, OK, SINCE, WHOLE, Check, left
from fundraise.logs import describe

log = structlog.get_logger(__name__)

READS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
BOOKS = "fundraise.ledger.proofs.checks"  # what a checkpoint stands on

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found at one instant; `since` is the checkpoint of a limited proof."""

    at: datetime
    checks: list[Check]
    since: Since | None = None
    end: End | None = None

    @property
    def differing(self) -> list[Check]:
        return [check for check in self.checks if check.status == DIFFERS]

    @property
    def ok(self) -> bool:
        return not self.differing

    @property
    def is_whole(self) -> bool:
        return self.since is None

    def as_json(self) -> Json:
        """The stable form: documented in docs/proofs.md."""
        checks = [as_json(check) for check in self.checks]
        return {"ok": self.ok, "at": self.at.isoformat(), **self._reach(), "checks": checks}

    def _reach(self) -> Json:
        if self.since is None:
            return {"reach": WHOLE, "checkpoint": None}
        end = self.since.end
        books = [{"entity": h.entity_id, "journal": h.position, "hash": h.hash.hex()}
                 for h in end.heads]  # fmt: skip
        made = {"id": self.since.pk, "made_at": end.at.isoformat(), "books": books}
        return {"reach": SINCE, "checkpoint": made}


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
        "reach": check.reach,
    }


def prove(paths: Sequence[str] | None = None) -> Verdict:
    """Run every proof of the settings, or those named, whole and in one snapshot."""
    at = clock.now()
    with _snapshot():
        found = {path: _run(path, _whole(path)) for path in paths or settings.PROOFS}
        books = [check.status for check in found.get(BOOKS, [])]
        end = checkpoints.end_of_books(at) if books and set(books) == {OK} else None
    return Verdict(at, [check for one in found.values() for check in one], end=end)


def prove_and_keep() -> Verdict:
    """Prove all of it; where the ledger is in order, limited proofs begin here from now on."""
    found = prove()
    if found.end is not None:
        checkpoints.keep(found.end)
    return found


def prove_since(day: date | None = None) -> Verdict:
    """Prove what came after the newest checkpoint, or the newest from before `day` began.

    Whole where there is none: a verdict says which it was.
    """
    at = clock.now()
    before = datetime.combine(day, time(), clock.STOCKHOLM) if day else None
    with _snapshot():
        since = checkpoints.newest(before)
        if since is not None:
            paths = settings.PROOFS
            checks = [check for path in paths for check in _run(path, _limited(path, since))]
            return Verdict(at, checks, since)
    return prove()


@contextmanager
def _snapshot() -> Iterator[None]:
    """One view of the database. In a transaction of the caller's (a test) it is the caller's."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute(READS)
        yield


def _whole(path: str) -> Callable[[], Iterable[Check]]:
    return lambda: import_string(path)()


def _limited(path: str, since: Since) -> Callable[[], Iterable[Check]]:
    limited = settings.PROOFS_SINCE.get(path, path)
    if limited == path:
        return _whole(path)
    return lambda: import_string(limited)(since) if limited else [left(path)]


def _run(path: str, proof: Callable[[], Iterable[Check]]) -> list[Check]:
    """A proof that breaks is itself a difference, and the others go on."""
    found: list[Check] = []
    try:
        with transaction.atomic():
            found.extend(proof())
    except Exception as error:
        log.error("proof_broke", proof=path, error=describe(error))
        name = f"{path} runs to its end"
        found.append(Check(name, "-", "-", DIFFERS, describe(error), letter="G", source=path))
    return found
