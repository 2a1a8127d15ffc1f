"""The nightly proof: what differs in the morning rings."""

from __future__ import annotations

from celery import shared_task

from fundraise.jobs import services as jobs
from fundraise.ledger.checks import WAITING, Check
from fundraise.ops import proof

BOOKS_DIFFER = "books-differ"
LONGEST_SUBJECT = 120


@shared_task
def nightly_proof() -> None:
    """Prove the books; an alarm per identity that does not hold, closed when it holds again."""
    with jobs.record_run("nightly-proof") as counts:
        found = proof.prove()
        counts["checks"] = len(found.checks)
        counts["differ"] = len(found.differing)
        counts["wait"] = sum(check.status == WAITING for check in found.checks)
        for check in found.differing:
            jobs.raise_alarm(BOOKS_DIFFER, _subject(check), _told(check))
        jobs.resolve_alarms(BOOKS_DIFFER, but={_subject(check) for check in found.differing})


def _subject(check: Check) -> str:
    return check.name[:LONGEST_SUBJECT]


def _told(check: Check) -> str:
    if check.note:
        return f"expected {check.expected}, found {check.actual}: {check.note}"
    return f"expected {check.expected}, found {check.actual}"
