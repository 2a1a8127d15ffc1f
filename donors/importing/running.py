"""Working through a list, part by part: the dry run, and the writing. May be killed anywhere.

A part is one transaction that begins by locking the run and ends by moving `rows_done`; so a part
is done wholly or not at all, a worker that comes second finds another number and stops, and the
next one goes on where the last part ended.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Count, F, Q

from donors.errors import DonorError
from donors.importing import services
from donors.importing.rows import Row, RowError, cells_of, read_row
from donors.importing.table import FileRefused, Line
from donors.importing.terms import Terms
from donors.importing.world import World, entry_of, house_of
from donors.importing.writing import outcome_of, write
from donors.models import ImportRow, ImportRun
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.crypto import CryptoError
from fundraise.jobs import services as jobs
from fundraise.logs import describe

log = structlog.get_logger(__name__)

PART = 250
LEASE = timedelta(seconds=90)
SECONDS = 240.0  # of one task; well under the hard limit
MOST_TRIES = 5
FAILED = "import-failed"
BY = "system:import"
State = ImportRun.State
WORKED_ON = (State.CHECKING, State.IMPORTING)
Part = Callable[[ImportRun, Sequence[Line]], list[ImportRow]]


class Lost(Exception):
    """Somebody else works on the run, or it was stopped."""


def due() -> list[int]:
    """Runs that nobody works on: their task was lost, or its worker."""
    free = Q(lease_until=None) | Q(lease_until__lt=clock.real_now())
    rows = ImportRun.objects.filter(free, state__in=WORKED_ON)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def work(run_id: int, *, seconds: float = SECONDS) -> bool:
    """Work on a run for a while. False when more is left (or somebody else has it)."""
    free = Q(lease_until=None) | Q(lease_until__lt=clock.real_now())
    claimed = ImportRun.objects.filter(free, pk=run_id, state__in=WORKED_ON).update(
        lease_until=clock.real_now() + LEASE, tries=F("tries") + 1
    )
    if not claimed:
        return False
    run = ImportRun.objects.get(pk=run_id)
    try:
        return _work(run, time.monotonic() + seconds)
    except Lost:
        return False
    except (FileRefused, DonorError, CryptoError) as error:
        code = getattr(error, "code", "file_unreadable")
        return services.fail(run, code)
    except Exception as error:
        if run.tries < MOST_TRIES:  # the lease runs out, and the sweeper tries again
            log.warning("import_part_failed", run=str(run.ref), error=describe(error))
            return False
        jobs.raise_alarm(FAILED, str(run.ref), f"an import was given up: {describe(error)}")
        return services.fail(run, "gave_up")


def _work(run: ImportRun, until: float) -> bool:
    lines = services.table_of(run).lines
    checking = run.state == State.CHECKING
    if checking and run.rows_done:  # what the first worker had in mind is gone with it
        _start_anew(run)
    part = _dry(run) if checking else _wet(run)
    while run.rows_done < len(lines):
        if time.monotonic() > until and not checking:
            ImportRun.objects.filter(pk=run.pk, state=run.state).update(lease_until=None)
            return False
        _do_part(run, lines[run.rows_done : run.rows_done + PART], part)
    return _finish(run)


@transaction.atomic
def _start_anew(run: ImportRun) -> None:
    _locked(run)
    ImportRow.objects.filter(run=run).delete()
    ImportRun.objects.filter(pk=run.pk).update(rows_done=0)
    run.rows_done = 0


@transaction.atomic
def _do_part(run: ImportRun, lines: Sequence[Line], part: Part) -> None:
    _locked(run)
    outcomes = part(run, lines)
    for outcome in outcomes:
        outcome.run = run
    ImportRow.objects.bulk_create(outcomes)
    done = run.rows_done + len(lines)
    # Each part that stands is a new start: only tries that lead nowhere are counted.
    ImportRun.objects.filter(pk=run.pk).update(
        rows_done=done, lease_until=clock.real_now() + LEASE, tries=1
    )
    run.rows_done, run.tries = done, 1


def _locked(run: ImportRun) -> None:
    """The run, ours until the transaction ends. Raises Lost."""
    rows = ImportRun.objects.select_for_update().filter(
        pk=run.pk, state=run.state, rows_done=run.rows_done
    )
    if not rows.values_list("pk", flat=True):
        raise Lost


def _finish(run: ImportRun) -> bool:
    """All rows are done: count them, and say so in the run and the log."""
    new = State.CHECKED if run.state == State.CHECKING else State.DONE
    ended = {"finished_at": clock.now()} if new == State.DONE else {}
    with transaction.atomic():
        _locked(run)
        counts = counted(run)
        ImportRun.objects.filter(pk=run.pk).update(
            state=new, counts=counts, lease_until=None, **ended
        )
        audit.log_change(
            by=run.by if new == State.DONE else BY,
            action=f"donor_import.{new}",
            subject_type="donor_import",
            subject_ref=run.ref,
            after=counts,
        )
    run.refresh_from_db()
    return True


def counted(run: ImportRun) -> dict[str, int]:
    """How many rows came to each outcome."""
    found = ImportRow.objects.filter(run=run).values_list("outcome").annotate(Count("pk"))
    return dict.fromkeys(ImportRow.Outcome.values, 0) | dict(found.order_by())


# --- The two ways of doing a part -----------------------------------------------------------------
def read(run: ImportRun, lines: Sequence[Line]) -> tuple[list[Row], list[ImportRow]]:
    """The rows that can be read, and what is wrong with the others."""
    terms, today = Terms.read(run.terms), clock.today()
    rows, errors = [], []
    for line in lines:
        try:
            cells = cells_of(run.columns, line.cells)
            rows.append(read_row(line.number, cells, terms, today))
        except RowError as error:
            errors.append(
                ImportRow(line=line.number, outcome="error", code=error.code, field=error.field)
            )
    return rows, errors


def _dry(run: ImportRun) -> Part:
    """Plan against what is known and what the rows before would make; nothing is written."""
    world = World(house_of(Terms.read(run.terms)))

    def part(run: ImportRun, lines: Sequence[Line]) -> list[ImportRow]:
        rows, outcomes = read(run, lines)
        entries = [entry_of(row) for row in rows]
        world.load(entries)
        for entry in entries:
            planned = world.plan(entry)
            outcomes.append(outcome_of(entry.row, planned, world.expect(entry, planned)))
        return outcomes

    return part


def _wet(run: ImportRun) -> Part:
    house = house_of(Terms.read(run.terms))

    def part(run: ImportRun, lines: Sequence[Line]) -> list[ImportRow]:
        rows, errors = read(run, lines)
        return [*errors, *write(rows, house, source=run.source, by=run.by)]

    return part


def reasons(run: ImportRun) -> Counter[tuple[str, str, str]]:
    """How many rows wait or are left out, for each outcome, reason and field."""
    rows = ImportRow.objects.filter(run=run).exclude(code="")
    found = rows.values_list("outcome", "code", "field").annotate(Count("pk")).order_by()
    return Counter({(outcome, code, field): number for outcome, code, field, number in found})
