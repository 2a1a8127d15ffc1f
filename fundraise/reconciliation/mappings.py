"""The doors of saved mappings: a treasurer says once how a bank's CSV is read.

A mapping stays as it was saved, since files name the one that read them: to change it is to save
its next version. One that is retired reads nothing any more.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from itertools import islice

import structlog
from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.reconciliation.formats import mapper
from fundraise.reconciliation.formats.base import FormatError, Head, Line
from fundraise.reconciliation.formats.mapper import Mapping, MappingError
from fundraise.reconciliation.formats.table import TableReader
from fundraise.reconciliation.models import CsvMapping

log = structlog.get_logger(__name__)

SHOWN = 20  # lines
SUBJECT = "csv_mapping"


@dataclass(slots=True)
class Tried:
    """What a mapping makes of a file: the first lines, or why it can't read it."""

    head: Head | None = None
    lines: list[Line] = field(default_factory=list, repr=False)
    count: int = 0
    moved_ore: int = 0
    problem: FormatError | None = None


def current() -> list[Mapping]:
    """Those that files are read by, the newest first."""
    found = []
    for row in CsvMapping.objects.filter(retired_at=None).order_by("-pk"):
        try:
            mapping = mapper.of_json(row.mapping)
            found.append(mapping if row.number == 1 else replace(mapping, name=named(row)))
        except MappingError as error:  # saved by an older version of the program
            log.warning("csv_mapping_unreadable", mapping=str(row.ref), problems=error.problems)
    return found


def named(row: CsvMapping) -> str:
    """The name that files keep of what read them."""
    return row.name if row.number == 1 else f"{row.name} ({row.number})"


def try_on(content: bytes, saved: object) -> Tried:
    """What a mapping makes of a file; nothing is kept. Raises MappingError."""
    tried = Tried()
    reader = TableReader(mapper.of_json(saved))
    try:
        for statement in reader.statements(io.BytesIO(content)):
            lines = statement.lines()
            for line in islice(lines, SHOWN - len(tried.lines)):
                tried.lines.append(line)
                _count(tried, line)
            for line in lines:
                _count(tried, line)
            tried.head = tried.head or statement.head()
    except FormatError as error:
        tried.problem = error
    return tried


def _count(tried: Tried, line: Line) -> None:
    tried.count += 1
    tried.moved_ore += line.amount_ore


@transaction.atomic
def save(saved: object, *, by: str) -> CsvMapping:
    """Keep a mapping, from now on read by. Raises MappingError, also for a name that is taken."""
    mapping = mapper.of_json(saved)
    return _made(mapping, mapping.name.strip(), 1, by)


def _made(mapping: Mapping, name: str, number: int, by: str) -> CsvMapping:
    try:
        with transaction.atomic():
            row = CsvMapping.objects.create(
                name=name,
                number=number,
                mapping=mapper.to_json(mapping),
                created_at=clock.now(),
                created_by=by[:60],
            )
    except IntegrityError:
        raise MappingError([("name", "taken")]) from None
    audit.log_change(
        by=by,
        action="csv_mapping.saved",
        subject_type=SUBJECT,
        subject_ref=row.ref,
        after={"name": row.name, "bank": mapping.bank, "version": number},
    )
    return row


@transaction.atomic
def change(mapping_id: int, saved: object, *, by: str) -> CsvMapping:
    """The next version, which files are read by from now on. Raises MappingError, also for one that
    is retired and for what is the same."""
    row = CsvMapping.objects.select_for_update().get(pk=mapping_id)
    mapping = mapper.of_json(saved)
    if row.retired_at is not None:
        raise MappingError([("name", "retired")])
    if mapper.to_json(mapping) == row.mapping:
        raise MappingError([("columns", "same")])
    retire(row.pk, by=by)
    return _made(mapping, row.name, row.number + 1, by)


@transaction.atomic
def retire(mapping_id: int, *, by: str) -> CsvMapping:
    """No file is read by it any more. Twice is once."""
    row = CsvMapping.objects.select_for_update().get(pk=mapping_id)
    if row.retired_at is None:
        row.retired_at = clock.now()
        row.save(update_fields=["retired_at"])
        audit.log_change(
            by=by, action="csv_mapping.retired", subject_type=SUBJECT, subject_ref=row.ref,
            before={"name": row.name},
        )  # fmt: skip
    return row
