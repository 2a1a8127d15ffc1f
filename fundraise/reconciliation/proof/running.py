"""A run of the daily proof: every identity that carries a letter, kept, and what differs queued."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.ledger import proving
from fundraise.ledger.checks import DIFFERS, OK, WAITING, Check
from fundraise.ledger.queries import default_entity
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.models import ProofLine, ProofRun, QueueItem

SYSTEM = "system:proof"
Code = QueueItem.Code


def run(day: date | None = None, *, by: str = SYSTEM) -> ProofRun:
    """Try every identity now and keep the answers; `day` is the one whose end is proved."""
    began = clock.now()
    found = [check for check in proving.all_checks() if check.letter]
    with transaction.atomic():
        kept = ProofRun.objects.create(
            day=day or clock.today(), began_at=began, ended_at=clock.now(), by=by[:60]
        )
        lines = [_line(kept, check) for check in _once(found)]
        ProofLine.objects.bulk_create(lines, batch_size=500)
        _queue(lines)
        audit.log_change(
            by=by,
            action="proof.run",
            subject_type="proof",
            subject_ref=kept.ref,
            after={"differs": sum(line.status == DIFFERS for line in lines)},
        )
    return kept


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


def _line(kept: ProofRun, check: Check) -> ProofLine:
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


def _queue(lines: Sequence[ProofLine]) -> None:
    """What differs and what is late enters the queue; what agrees again leaves it by itself."""
    today, status = clock.today(), ProofLine.Status
    red = [line for line in lines if line.status == status.DIFFERS]
    late = [line for line in lines if line.due_on is not None and line.due_on < today]
    exceptions.open_many([*map(_differs, red), *map(_late, late)])
    exceptions.solved(Code.DIFFERS, [subject_of(line) for line in lines if line not in red])
    exceptions.solved(Code.GAP, [subject_of(line) for line in lines if line not in late])


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
