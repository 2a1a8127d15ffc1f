"""A list as a file: the rows that the filter shows, from the columns that the page has.

A short list is answered at once; a long one is made by a worker, row by row over one snapshot of
the database, and kept encrypted until it expires.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.console import file_copy, file_rows, file_wire
from fundraise.console.tables.base import Chosen, Column, Kind, Table, Viewer, choose
from fundraise.console.tables.registry import TABLES
from fundraise.console.templatetags.staff import number
from fundraise.jobs.work import Pace, WorkError
from fundraise.reporting.exports import services, writers
from fundraise.reporting.exports.models import ExportRecord
from fundraise.reporting.exports.services import Asked, Made
from fundraise.reporting.exports.writers import CsvWriter
from fundraise.staff import rights
from fundraise.staff.models import RoleHeld

READ_AT_ONCE = 1_000_000
IN_MEMORY = 5_000_000
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Taking:
    """What is taken out: a list, what was chosen, as which file, in which language."""

    chosen: Chosen
    format: str
    language: str

    @property
    def table(self) -> Table:
        return self.chosen.table

    @property
    def rows(self) -> Any:
        """The rows of a file: those that may be taken out, the newest first."""
        return self.chosen.narrow(self.table.takeable(self.chosen.viewer.held)).order_by(
            f"-{self.table.key}"
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of a file: those of the list that its asker may have of all its rows."""
        held, table = self.chosen.viewer.held, self.table
        taken = held.entities(table.permission) & held.entities(table.take_out)
        return tuple(
            column
            for column in table.columns
            if (not column.needs or taken <= held.entities(column.needs))
            and (not column.asked or column.asked in self.chosen.codes)
        )

    @property
    def personal(self) -> bool:
        """Whether it holds names or addresses."""
        return self.table.personal or any(column.asked for column in self.columns)

    def asked(self) -> Asked:
        """The line of the register."""
        return Asked(
            table=self.table.name,
            chosen=self.chosen.codes,
            columns=[column.name for column in self.columns],
            format=self.format,
            language=self.language,
            personal=self.personal,
        )


def is_long(taking: Taking) -> bool:
    """Whether a worker makes it."""
    most = settings.EXPORT_AT_ONCE_ROWS
    return bool(taking.rows.order_by()[: most + 1].count() > most)


def at_once(taking: Taking) -> tuple[ExportRecord, IO[bytes]]:
    """The whole file, noted in the register."""
    record = services.ask(taking.asked(), by=taking.chosen.viewer.who)
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    services.finish(record, write(taking, file, lambda _n: None))
    file.seek(0)
    return record, file


def run(arguments: dict[str, Any], pace: Pace) -> None:
    """settings.WORK["export"]: make the file that a record asks for. Raises WorkError."""
    record = ExportRecord.objects.filter(pk=arguments["export"]).first()
    if record is None or record.made_at is not None:
        return  # taken away, or made by a worker whose last word was lost
    taking = _again(record)
    pace.step(0, taking.rows.order_by().count())
    with tempfile.TemporaryFile() as file:
        try:
            made = write(taking, file, pace.step)
        except writers.TooManyRows:
            raise WorkError("too_many_rows") from None
        pace.step(made.rows, made.rows)
        services.finish(record, made, key=services.keep(record, file))


def may_still(record: ExportRecord, user: User) -> bool:
    """Whether who asked may fetch a kept file: the right is held, and no role has ended since.

    A role that ended may have been for one of the entities whose rows stand in the file.
    """
    table = TABLES.get(record.table)
    if table is None or not rights.may_somewhere(user, table.take_out):
        return False
    needs = {one.needs for one in table.columns if one.asked and one.name in record.columns}
    if not all(rights.may_somewhere(user, right) for right in needs):
        return False
    ended = RoleHeld.objects.filter(user_id=user.pk, ended_at__gt=record.asked_at)
    return not ended.exists()


def _again(record: ExportRecord) -> Taking:
    """What a record asks for, with the rights that its asker has now. Raises WorkError."""
    _kind, _sep, key = record.by.partition(":")
    user = User.objects.filter(pk=int(key), is_active=True).first() if key.isdigit() else None
    table = TABLES.get(record.table)
    if user is None or table is None or not rights.may_somewhere(user, table.take_out):
        raise WorkError("no_right")
    chosen = choose(table, Viewer(rights.of(user), record.by), record.chosen)
    return Taking(chosen, record.format, record.language)


def write(taking: Taking, file: IO[bytes], step: Step) -> Made:
    """Write every row once; what the file came to. Raises writers.TooManyRows."""
    make, _type = writers.FORMATS[taking.format]
    with translation.override(taking.language):
        writer = make(file, _sheet(taking))
        number_of, sums = _write_rows(taking, writer, step)
        writer.end(number_of, taking.table.count(number_of, number(number_of)), sums)
    return Made(number_of, sums, *_measured(file))


def _write_rows(taking: Taking, writer: writers.Writer, step: Step) -> tuple[int, dict[str, int]]:
    """PostgreSQL writes what it can; what this transaction has changed it would not see."""
    source = taking.table.source
    sealed = any(column.asked for column in taking.columns)
    if (
        source is not None
        and not sealed
        and isinstance(writer, CsvWriter)
        and file_wire.has_its_own()
    ):
        return file_copy.copy(source, taking.rows, taking.columns, writer, step)
    columns, rows = taking.columns, 0
    sums = {column.name: 0 for column in columns if column.total}
    places = [(at, column.name) for at, column in enumerate(columns) if column.total]
    for rows, values in enumerate(
        file_rows.values_of(taking.chosen, taking.rows, columns, taking.format), start=1
    ):
        writer.row(values)
        for at, name in places:
            value = values[at]
            sums[name] += value if isinstance(value, int) else 0
        step(rows)
    return rows, sums


def _sheet(taking: Taking) -> writers.Sheet:
    heads = [writers.Head(column.name, _titled(column), column.kind) for column in taking.columns]
    about = {
        "list": taking.table.name,
        "made_at": clock.now().astimezone(clock.STOCKHOLM).isoformat(timespec="seconds"),
        "filter": taking.chosen.codes,
    }
    return writers.Sheet(str(taking.table.title), taking.language, heads, about)


def _titled(column: Column) -> str:
    if column.kind == Kind.MONEY:
        return _("%(title)s, kr") % {"title": column.title}
    return str(column.title)


def _measured(file: IO[bytes]) -> tuple[int, bytes]:
    """Size and hash of what was written."""
    file.seek(0)
    size, digest = 0, hashlib.sha256()
    while part := file.read(READ_AT_ONCE):
        size += len(part)
        digest.update(part)
    return size, digest.digest()
