"""A run of the proof and its readers: the alarms, and, of what has a letter, page and queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.ledger import proving
from fundraise.ledger.checks import DIFFERS, OK, WAITING, Check
from fundraise.ledger.proving import Verdict
from fundraise.ledger.queries import default_entity
from fundraise.reconciliation import exceptions, locks
from fundraise.reconciliation.models import ProofLine, ProofRun, QueueItem
from fundraise.reconciliation.proof import ringing

SYSTEM = "system:proof"
Code = QueueItem.Code


def run(day: date | None = None, *, by: str = SYSTEM) -> ProofRun:
    """Prove everything now, for all who read it: the alarms, the page and the queue of exceptions;
    `day` is the one whose end is proved. Where the ledger is in order a checkpoint is kept."""
    with locks.one_proof_at_a_time():
        began = clock.now()
        found = proving.prove_and_keep()
        ringing.ring(found)
        return _keep(found, ProofRun(day=day or clock.today(), began_at=began, by=by[:60]))


def run_since() -> Verdict:
    """Prove what is new since the last whole proof: what differs rings and enters the queue at
    once. The page keeps the whole one; nothing falls silent that was not looked at."""
    with locks.one_proof_at_a_time():
        found = proving.prove_since()
        ringing.ring(found)
        with transaction.atomic():
            _open([_line(None, check) for check in _lettered(found)])
        return found


def _keep(found: Verdict, kept: ProofRun) -> ProofRun:
    with transaction.atomic():
        kept.ended_at = clock.now()
        kept.save()
        lines = [_line(kept, check) for check in _lettered(found)]
        ProofLine.objects.bulk_create(lines, batch_size=500)
        _settle(lines, but=_open(lines))
        audit.log_change(
            by=kept.by,
            action="proof.run",
            subject_type="proof",
            subject_ref=kept.ref,
            after={"differs": sum(line.status == DIFFERS for line in lines)},
        )
    return kept


def _lettered(found: Verdict) -> list[Check]:
    return _once(check for check in found.checks if check.letter)


def _once(found: Iterable[Check]) -> list[Check]:
    """One line for each letter, entity and source; a second with the same name gets a number."""
    kept: dict[tuple[str, int | None, str], Check] = {}
    for check in found:
        source, number = check.source or check.name, 1
        while (check.letter, check.entity_id, source) in kept:
            number += 1
            source = f"{check.source or check.name}:{number}"
        kept[check.letter, check.entity_id, source] = check
    return list(kept.values())


def _line(kept: ProofRun | None, check: Check) -> ProofLine:
    status = check.status
    expected, actual = _number(check.expected), _number(check.actual)
    due_on = check.due_on or clock.today()  # without a day it is a message under way: today
    if status == OK:
        actual = expected
    return ProofLine(
        run=kept,
        entity_id=check.entity_id,
        letter=check.letter,
        source=(check.source or check.name)[:120],
        name=check.name[:200],
        expected=expected,
        actual=actual,
        status=status,
        note=check.note[:300],
        waiting_for=check.waiting_for[:80],
        due_on=due_on if status == WAITING else None,
        rows=list(check.rows[:100]),
    )


def _number(value: int | str) -> int:
    return value if isinstance(value, int) else 0


def _open(lines: Sequence[ProofLine]) -> set[tuple[str, str]]:
    """What differs and what is late enters the queue; returns their codes and subjects."""
    today = clock.today()
    red = [_differs(line) for line in lines if line.status == DIFFERS]
    late = [_late(line) for line in lines if line.due_on is not None and line.due_on < today]
    exceptions.open_many([*red, *late])
    return {(found.code, found.subject) for found in [*red, *late]}


def _settle(lines: Sequence[ProofLine], but: set[tuple[str, str]]) -> None:
    """What agrees again leaves the queue by itself."""
    for code in (Code.DIFFERS, Code.GAP):
        subjects = [subject_of(line) for line in lines]
        exceptions.solved(code, [one for one in subjects if (code, one) not in but])


def _differs(line: ProofLine) -> exceptions.Found:
    facts = {"letter": line.letter, "source": line.source, "name": line.name}
    return exceptions.Found(Code.DIFFERS, subject_of(line), _whose(line), line.difference, facts)


def _late(line: ProofLine) -> exceptions.Found:
    facts = {"letter": line.letter, "source": line.source, "name": line.name}
    return exceptions.Found(
        Code.GAP, subject_of(line), _whose(line), facts=facts, due_on=clock.today()
    )


def _whose(line: ProofLine) -> int:
    return line.entity_id or default_entity().pk


def subject_of(line: ProofLine) -> str:
    """What the queue calls a line: the same from run to run."""
    return f"proof:{line.letter}:{line.entity_id or 0}:{line.source}"[:90]
