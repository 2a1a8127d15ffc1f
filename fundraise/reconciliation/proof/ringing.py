"""The alarm as a reader of the proof: an identity that does not hold rings until it does."""

from __future__ import annotations

from fundraise.jobs import services as jobs
from fundraise.ledger.checks import Check
from fundraise.ledger.proving import Verdict

BOOKS_DIFFER = "books-differ"
LONGEST_SUBJECT = 120


def ring(verdict: Verdict) -> None:
    """Raise what differs, each once. Only a whole proof silences: a limited one has not looked at
    everything."""
    for check in verdict.differing:
        jobs.raise_alarm(BOOKS_DIFFER, _subject(check), _told(check))
    if verdict.is_whole:
        jobs.resolve_alarms(BOOKS_DIFFER, but={_subject(check) for check in verdict.differing})


def _subject(check: Check) -> str:
    return check.name[:LONGEST_SUBJECT]


def _told(check: Check) -> str:
    told = f"expected {check.expected}, found {check.actual}"
    return f"{told}: {check.note}" if check.note else told
