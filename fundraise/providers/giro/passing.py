"""The rows of another system on the same bankgiro number, as a file of the same kind.

Its sums and counts are those of its own rows, so that the other system can check it as if Bankgirot
had sent it. It is put into AUTOGIRO_PASS_ON_DIR where one is set, and can be taken from the page.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import structlog

from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.jobs import services as jobs
from fundraise.providers.autogiro import files
from fundraise.providers.autogiro.kinds import Kind, Section
from fundraise.providers.autogiro.layout import Line
from fundraise.providers.autogiro.mandates import CountEnd
from fundraise.providers.autogiro.reports import (
    Deposit,
    RefundLine,
    SpecEnd,
    SumsEnd,
    TrailerEnd,
)
from fundraise.providers.autogiro.totals import DONE
from fundraise.providers.giro import terms
from fundraise.providers.giro.delivering import FileError
from fundraise.providers.giro.models import InFile, OtherFile

log = structlog.get_logger(__name__)

FAILED = "giro-pass-on-failed"


def keep(file: InFile, kind: Kind, parts: list[tuple[Section, list[Line]]]) -> OtherFile | None:
    """Write the rows of others into a file of their own, in the caller's transaction."""
    if not parts:
        return None
    content = files.write(kind.name, [_section(section, lines) for section, lines in parts])
    digest = hashlib.sha256(content).digest()
    return OtherFile.objects.create(
        source=file,
        name=f"{file.name or kind.name}.others"[:160],
        sealed=crypto.seal(content, context=f"giro-others:{file.ref}"),
        sha256=digest,
        rows_number=sum(len(lines) for _section, lines in parts),
        amount_ore=file.other_ore,
    )


def leave(file_id: int) -> bool:
    """Put it into the folder, once; when that fails somebody is told and the page still has it."""
    other = OtherFile.objects.filter(pk=file_id, left_at=None).select_related("source").first()
    if other is None or other.source.agreement is None:
        return False
    folder = terms.setting(other.source.agreement.account, "PASS_ON_DIR")
    if not folder:
        return False
    try:
        _put(Path(folder), _safe(other), _content(other))
    except OSError as error:
        text = f"the rows of the other system could not be left: {error.strerror}"
        jobs.raise_alarm(FAILED, str(other.source.ref), text)
        return False
    OtherFile.objects.filter(pk=other.pk).update(left_at=clock.now())
    jobs.resolve_alarms(FAILED, subject=str(other.source.ref))
    return True


def leave_waiting() -> int:
    """Those that could not be left before."""
    waiting = OtherFile.objects.filter(left_at=None).values_list("pk", flat=True)
    return sum(leave(pk) for pk in waiting)


def content_of(file: InFile, *, by: str) -> tuple[str, bytes]:
    """Name and bytes for the other system; the download is logged. Raises OtherFile.DoesNotExist,
    and FileError("gone") when its bytes have been kept as long as the law wants."""
    other = OtherFile.objects.select_related("source").get(pk=file.pk)
    if not other.sealed:
        raise FileError("gone")
    audit.log_read(
        by=by,
        subject_type="giro_file",
        subject_ref=file.ref,
        purpose="giro.pass_on",
    )
    return other.name, _content(other)


def _content(other: OtherFile) -> bytes:
    return crypto.unseal(bytes(other.sealed), context=f"giro-others:{other.source.ref}")


def _safe(other: OtherFile) -> str:
    name = "".join(char if char.isalnum() or char in "._-" else "_" for char in other.name)
    return f"{name}.{bytes(other.sha256).hex()[:12]}"


def _put(folder: Path, name: str, content: bytes) -> None:
    """Whole or not at all: a name of its own and then the right one."""
    handle, scratch = tempfile.mkstemp(dir=folder, prefix=".giro-")
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    Path(scratch).chmod(0o640)
    Path(scratch).replace(folder / name)


# --- Sections with the totals of their rows -------------------------------------------------------
def _section(section: Section, lines: list[Line]) -> tuple[Any, list[Any], Any]:
    records = [record for _at, record in lines]
    if any(isinstance(record, Deposit) for _at, record in section.lines):
        records = _blocks(section, {id(record) for record in records})
    return section.opening, records, _end(section.end, records)


def _blocks(section: Section, wanted: set[int]) -> list[Any]:
    """Each deposit that has rows of others, with their number and sum."""
    found: list[Any] = []
    block: list[Any] = []
    deposit: Deposit | None = None
    for _at, record in [*section.lines, (0, None)]:
        if record is None or isinstance(record, Deposit):
            if deposit is not None and block:
                paid = [row for row in block if isinstance(row, RefundLine) or row.is_paid]
                ore = sum(row.amount_ore for row in paid)
                found += [deposit._replace(amount_ore=ore, number=len(paid)), *block]
            deposit, block = record, []
        elif id(record) in wanted:
            block.append(record)
    return found


def _end(end: Any, records: list[Any]) -> Any:
    if isinstance(end, CountEnd):
        return end._replace(records=len(records))
    if isinstance(end, SpecEnd):
        return _spec_end(end, records)
    if isinstance(end, SumsEnd):
        (out, out_ore), (into, ore) = _by_direction(records)
        return SumsEnd(end.written_on, out, out_ore, into, ore)
    if isinstance(end, TrailerEnd):
        below = -1 if end.sum_in_ore < 0 or end.sum_out_ore < 0 else 1
        done = [row for row in records if getattr(row, "comment", "12") in DONE]
        (out, out_ore), (into, ore) = _by_direction(done)
        return TrailerEnd(end.written_on, below * out_ore, out, into, below * ore)
    return end


def _by_direction(records: Iterable[Any]) -> tuple[tuple[int, int], tuple[int, int]]:
    rows = list(records)
    pairs = []
    for direction in ("32", "82"):
        sums = [row.amount_ore or 0 for row in rows if row.direction == direction]
        pairs.append((len(sums), sum(sums)))
    return pairs[0], pairs[1]


def _spec_end(end: SpecEnd, records: list[Any]) -> SpecEnd:
    codes = [record.code for record in records if isinstance(record, Deposit)]
    paid = [
        record.direction
        for record in records
        if not isinstance(record, Deposit | RefundLine) and record.is_paid
    ]
    refunds = sum(isinstance(record, RefundLine) for record in records)
    return SpecEnd(
        end.written_on,
        codes.count("15"),
        paid.count("82"),
        codes.count("16"),
        paid.count("32"),
        codes.count("17"),
        refunds,
    )
