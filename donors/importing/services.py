"""The doors of an import: a file comes in, columns and terms are chosen, it is checked, it is done.

Nothing but the run itself changes before `begin`. Each step moves the run by compare-and-set, so a
second press, a second tab or a second worker changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from donors.errors import DonorError
from donors.importing import columns as choosing
from donors.importing import files
from donors.importing.table import Table
from donors.importing.terms import Terms
from donors.models import ImportRow, ImportRun
from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.outbox import courier

log = structlog.get_logger(__name__)

State = ImportRun.State
OPEN = (State.UPLOADED, State.CHECKING, State.CHECKED, State.IMPORTING)


def upload(body: bytes, *, by: str, sheet: int = 0) -> ImportRun:
    """Keep a member list, sealed, with columns suggested. Raises FileRefused, and keeps nothing."""
    table = files.read(body, sheet=sheet, most=settings.IMPORT_MAX_BYTES)
    run = ImportRun(
        file_kind=table.kind,
        file_size=len(body),
        sha256=hashlib.sha256(body).digest(),
        keep_until=clock.today() + timedelta(days=settings.IMPORT_KEEP_DAYS),
        sheet=sheet,
        columns=choosing.suggest(table),
        terms=Terms().kept(),
        by=by,
        created_at=clock.now(),
        rows_total=len(table.lines),
    )
    run.body = crypto.seal(body, context=_context(run.ref))
    with transaction.atomic():
        run.save(force_insert=True)
        _log(run, "donor_import.uploaded", by, {"rows": run.rows_total, "kind": run.file_kind})
    return run


def _context(ref: UUID) -> str:
    return f"import/{ref}"


def table_of(run: ImportRun) -> Table:
    """The file, read again. Raises DonorError("file_gone") when its time to be kept is over."""
    if run.body is None:
        raise DonorError("file_gone")
    body = crypto.unseal(bytes(run.body), context=_context(run.ref))
    return files.read(body, sheet=run.sheet, most=settings.IMPORT_MAX_BYTES)


@transaction.atomic
def choose_sheet(*, run: ImportRun, sheet: int, by: str) -> bool:
    """Another sheet of the workbook, with its columns suggested anew. Raises FileRefused."""
    run.sheet = sheet
    table = table_of(run)
    rows = ImportRun.objects.filter(pk=run.pk, state=State.UPLOADED)
    changed = rows.update(
        sheet=sheet, columns=choosing.suggest(table), rows_total=len(table.lines), rows_done=0
    )
    if changed:
        _log(run, "donor_import.sheet_chosen", by, {"sheet": sheet})
    return bool(changed)


@transaction.atomic
def check(*, run: ImportRun, columns: Sequence[str], terms: Terms, by: str) -> bool:
    """Have the dry run made with these columns and terms. False when it is past that.

    Raises DonorError: field_twice, name_column_missing and their like (columns.faults).
    """
    wrong = choosing.faults(columns)
    if wrong or len(columns) != len(run.columns):
        raise DonorError(wrong[0] if wrong else "field_unknown")
    moved = _move(
        run,
        (State.UPLOADED, State.CHECKED),
        State.CHECKING,
        columns=list(columns),
        terms=terms.kept(),
        rows_done=0,
        counts={},
        tries=0,
        lease_until=None,
    )
    if moved:
        ImportRow.objects.filter(run=run).delete()
        _log(run, "donor_import.check_asked", by, _said(terms))
        _queue(run)
    return moved


def _said(terms: Terms) -> dict[str, object]:
    """What was chosen, without words that somebody typed."""
    return {"basis": terms.basis, "on": terms.basis_on, "appeals": terms.appeals,
            "shared": terms.shared, "language": terms.language}  # fmt: skip


@transaction.atomic
def choose_again(*, run: ImportRun, by: str) -> bool:
    """Back to the columns; what the dry run said is thrown away."""
    moved = _move(run, (State.CHECKED,), State.UPLOADED, rows_done=0, counts={})
    if moved:
        ImportRow.objects.filter(run=run).delete()
        _log(run, "donor_import.opened_again", by)
    return moved


@transaction.atomic
def begin(*, run: ImportRun, by: str) -> bool:
    """Have a checked list written. False when it is not waiting for that (any more)."""
    moved = _move(
        run, (State.CHECKED,), State.IMPORTING, rows_done=0, tries=0, lease_until=None, counts={},
        begun_at=clock.now(), by=by,
    )  # fmt: skip
    if moved:
        ImportRow.objects.filter(run=run).delete()
        _log(run, "donor_import.begun", by, {"rows": run.rows_total})
        _queue(run)
    return moved


@transaction.atomic
def cancel(*, run: ImportRun, by: str) -> bool:
    """Stop, and throw the file away. What is written by then stays; the run says how much."""
    now = clock.now()
    moved = _move(run, OPEN, State.CANCELLED, finished_at=now, body=None, lease_until=None)
    if moved:
        _log(run, "donor_import.cancelled", by, {"rows_done": run.rows_done})
    return moved


def fail(run: ImportRun, code: str) -> bool:
    """It can't go on. Nothing that is written is undone; the same list may be brought again."""
    moved = _move(run, OPEN, State.FAILED, finished_at=clock.now(), error=code, lease_until=None)
    if moved:
        _log(run, "donor_import.failed", "system:import", {"error": code})
    return moved


def _move(run: ImportRun, old: Sequence[State], new: State, **changes: object) -> bool:
    """Compare and set; the run in hand is read anew."""
    moved = ImportRun.objects.filter(pk=run.pk, state__in=old).update(state=new, **changes)
    run.refresh_from_db()
    return moved == 1


def _queue(run: ImportRun) -> None:
    from donors.tasks import work_on_import  # whose module imports this one

    key = run.pk
    transaction.on_commit(lambda: courier.send(work_on_import, key), robust=True)


def _log(run: ImportRun, action: str, by: str, after: dict[str, object] | None = None) -> None:
    audit.log_change(
        by=by, action=action, subject_type="donor_import", subject_ref=run.ref, after=after
    )


def forget_files(today: object) -> int:
    """Throw away the files whose time is over, and what was noted row by row of them."""
    due = ImportRun.objects.filter(keep_until__lt=today)
    for run in due.filter(state__in=OPEN):
        cancel(run=run, by="system:import")
    ended = due.filter(state__in=[State.DONE, State.FAILED, State.CANCELLED])
    ImportRow.objects.filter(run__in=ended).delete()
    return ended.filter(body__isnull=False).update(body=None)
