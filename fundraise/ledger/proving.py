"""All the proofs of the settings, run in one read-only snapshot.

settings.PROOFS names functions that yield checks. A gift booked meanwhile is in every number or in
none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from fundraise.ledger.checks import DIFFERS, Check
from fundraise.logs import describe

log = structlog.get_logger(__name__)

READS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def all_checks(paths: Sequence[str] | None = None) -> list[Check]:
    """What every proof of the settings yields, or those named."""
    with _snapshot():
        return [check for path in paths or settings.PROOFS for check in _checks_of(path)]


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
        name = f"{path} runs to its end"
        found.append(Check(name, "-", "-", DIFFERS, describe(error), letter="G", source=path))
    return found
